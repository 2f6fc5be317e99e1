// Says the words of presets.
import { wordsOf } from '../../../shared/i18n/i18n';
import { en } from './en';

export const { useWords, words } = wordsOf('presets', en);
export type PresetWords = ReturnType<typeof useWords>;
