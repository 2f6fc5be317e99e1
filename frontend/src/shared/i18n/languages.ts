// The languages that the page speaks, and which of them a browser asks for. Pure.
export const LANGUAGES = {
  en: { name: 'English', dir: 'ltr' },
  es: { name: 'Español', dir: 'ltr' },
} as const satisfies Record<string, { name: string; dir: 'ltr' | 'rtl' }>;

export type Language = keyof typeof LANGUAGES;

export function isLanguage(code: string | null): code is Language {
  return code !== null && Object.hasOwn(LANGUAGES, code);
}

/** The chosen language, else the first one that is wished for and spoken here; with its region, since dates and numbers differ. */
export function localeFor(chosen: Language | null, wished: readonly string[]): string {
  const first = (spoken: (language: string) => boolean) => wished.find((locale) => spoken(primary(locale)));
  if (chosen === null) return first(isLanguage) ?? 'en';
  return first((language) => language === chosen) ?? chosen;
}

export function languageOf(locale: string): Language {
  const language = primary(locale);
  return isLanguage(language) ? language : 'en';
}

function primary(locale: string): string {
  return locale.toLowerCase().split('-', 1)[0] ?? '';
}
