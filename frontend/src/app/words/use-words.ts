// Says the words of the frame.
import { wordsOf, type Words } from '../../shared/i18n/i18n';
import { en } from './en';

export type AppWords = Words<'app'>;
export const { useWords, words } = wordsOf('app', en);
