// The one i18next of the page, and how a feature joins its words to it. Knows no feature, and no language but English.
import { createInstance, type Resources, type TFunction } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

import { duration } from './formats';
import { en } from './words/en';

export const i18n = createInstance();

void i18n.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'shared',
  resources: { en: { shared: en } },
  // At once, so that the first drawing has its words.
  initAsync: false,
  // React escapes.
  interpolation: { escapeValue: false },
});
i18n.services.formatter?.add('duration', duration);

/** Whether the page has words of its own for a code. */
export function isErrorCode(code: string): code is keyof typeof en.errors {
  return Object.hasOwn(en.errors, code);
}

type Name = Exclude<keyof Resources, 'shared'>;
export type Words<Own extends Name> = TFunction<[Own, 'shared']>;

/** Joins the English words of a feature, and gives what says them: within a component, and outside of one. */
export function wordsOf<Own extends Name>(name: Own, english: Resources[Own]): { useWords(): Words<Own>; words: Words<Own> } {
  i18n.addResourceBundle('en', name, english);
  const names: [Own, 'shared'] = [name, 'shared'];
  return { useWords: () => useTranslation(names).t as Words<Own>, words: i18n.getFixedT(null, names) };
}

/** Says the words that every feature may need, where a component has none of its own. */
export function useSharedWords(): TFunction<'shared'> {
  return useTranslation('shared').t;
}

/** The language with its region, for dates and numbers. */
export function useLocale(): string {
  return useTranslation('shared').i18n.language;
}
