// Says the words of how long conversations stay.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type KeepingWords = Words<'keeping'>;
export const { useWords, words } = wordsOf('keeping', en);
