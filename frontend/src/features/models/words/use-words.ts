// Says the words of the models.
import { wordsOf, type Words } from '../../../shared/i18n/i18n';
import { en } from './en';

export type ModelsWords = Words<'models'>;
export const { useWords, words } = wordsOf('models', en);
