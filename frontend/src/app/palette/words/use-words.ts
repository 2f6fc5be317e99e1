// Says the words of the palette and the list of keys, which load with them.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type PaletteWords = Words<'palette'>;
export const { useWords, words } = wordsOf('palette', en);
