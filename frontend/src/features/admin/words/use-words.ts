// Says the words of the administrators' pages.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type AdminWords = Words<'admin'>;
export const { useWords, words } = wordsOf('admin', en);
