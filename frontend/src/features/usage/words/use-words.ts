// Says the words of the day's allowance.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type UsageWords = Words<'usage'>;
export const { useWords, words } = wordsOf('usage', en);
