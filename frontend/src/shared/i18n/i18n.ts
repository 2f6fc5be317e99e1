// The one translator of the page, and how a feature joins its words to it. Knows no feature, and no language but English.
import type { Resources, TFunction } from 'i18next';
import { useMemo, useSyncExternalStore } from 'react';

import { duration } from './formats';
import { Translator, type Values } from './translator';
import { en } from './words/en';

export const translator = new Translator({
  number: (value, locale, options) => new Intl.NumberFormat(locale, options).format(Number(value)),
  duration: (value, locale) => duration(Number(value), locale),
});
translator.add('en', { shared: en });

/** Whether the page has words of its own for a code. */
export function isErrorCode(code: string): code is keyof typeof en.errors {
  return Object.hasOwn(en.errors, code);
}

type Name = Exclude<keyof Resources, 'shared'>;
export type Words<Own extends Name> = TFunction<[Own, 'shared']>;

/** Joins the English words of a feature, and gives what says them: within a component, and outside of one. */
export function wordsOf<Own extends Name>(name: Own, english: Resources[Own]): { useWords(): Words<Own>; words: Words<Own> } {
  translator.add('en', { [name]: english });
  const names = [name, 'shared'];
  const words: Says = (key, values) => translator.say(translator.locale, names, key, values);
  return { useWords: () => useSaying(names) as Words<Own>, words: words as Words<Own> };
}

const SHARED = ['shared'];

export type SharedWords = TFunction<'shared'>;

/** Says the words that every feature may need, where a component has none of its own. */
export function useSharedWords(): SharedWords {
  return useSaying(SHARED) as SharedWords;
}

/** The language with its region, for dates and numbers. */
export function useLocale(): string {
  return useSyncExternalStore(onChange, () => translator.locale);
}

type Says = (key: string, values?: Values) => string;

/** Another function for another language, so that what was made with the old one is made again. */
function useSaying(names: readonly string[]): Says {
  const locale = useLocale();
  return useMemo<Says>(() => (key, values) => translator.say(locale, names, key, values), [locale, names]);
}

function onChange(listener: () => void): () => void {
  return translator.onChange(listener);
}
