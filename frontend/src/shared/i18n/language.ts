// Which language the page speaks: detected or chosen, loaded when it is not English, and told to the document.
import type { ResourceLanguage } from 'i18next';

import { readStored, store } from '../lib/storage';
import { translator } from './i18n';
import { isLanguage, languageOf, LANGUAGES, localeFor, type Language } from './languages';

const CHOSEN = 'omniai.language';

type Load = () => Promise<ResourceLanguage>;

let loaders: Partial<Record<Language, Load>> = {};
let latest = '';

/** Before the first drawing. A language that does not load leaves the page in English. */
export async function startLanguage(given: Record<Exclude<Language, 'en'>, Load>): Promise<void> {
  loaders = given;
  await speak(wishedLocale()).catch(() => speak('en'));
}

/** Null follows the browser. */
export function chosenLanguage(): Language | null {
  const stored = readStored(CHOSEN);
  return isLanguage(stored) ? stored : null;
}

/** Rejects when the language does not load; the old one is then still spoken. */
export async function chooseLanguage(language: Language | null): Promise<void> {
  const before = readStored(CHOSEN);
  store(CHOSEN, language);
  try {
    await speak(wishedLocale());
  } catch (error) {
    store(CHOSEN, before);
    throw error;
  }
}

function wishedLocale(): string {
  return localeFor(chosenLanguage(), navigator.languages);
}

async function speak(locale: string): Promise<void> {
  latest = locale;
  const language = languageOf(locale);
  if (!translator.speaks(language)) translator.add(language, (await loaders[language]?.()) ?? {});
  // Another wish may have come meanwhile.
  if (latest !== locale) return;
  translator.change(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = LANGUAGES[language].dir;
}
