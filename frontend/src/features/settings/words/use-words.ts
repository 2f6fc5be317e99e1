// Says the words of one's own settings.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type SettingsWords = Words<'settings'>;
export const { useWords, words } = wordsOf('settings', en);
