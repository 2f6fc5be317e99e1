// Says the words of the list of conversations.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type ConversationWords = Words<'conversations'>;
export const { useWords, words } = wordsOf('conversations', en);
