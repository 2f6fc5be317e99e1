// Says the words of what is remembered.
import { wordsOf } from '../../../shared/i18n/i18n';
import { en } from './en';

export const { useWords, words } = wordsOf('memories', en);
