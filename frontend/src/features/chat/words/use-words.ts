// Says the words of the chat.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type ChatWords = Words<'chat'>;
export const { useWords, words } = wordsOf('chat', en);
