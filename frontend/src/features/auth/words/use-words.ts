// Says the words of the doors.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type AuthWords = Words<'auth'>;
export const { useWords, words } = wordsOf('auth', en);
