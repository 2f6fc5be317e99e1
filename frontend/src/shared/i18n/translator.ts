// Says words in i18next's format: plural forms by key, values and their formats in braces. Knows no words.
// i18next itself would be a seventh of what the sign-in page may weigh; translator.test.ts holds this to what i18next says.
import type { ResourceLanguage } from 'i18next';

export type Values = Readonly<Record<string, unknown>>;
export type Formats = Readonly<Record<string, (value: unknown, locale: string, options: Intl.NumberFormatOptions) => string>>;

const PLACE = /\{\{(.+?)\}\}/g;

export class Translator {
  /** The language with its region. */
  locale = 'en';
  readonly #fallback = 'en';
  readonly #formats: Formats;
  readonly #bundles = new Map<string, ResourceLanguage>();
  readonly #listeners = new Set<() => void>();

  constructor(formats: Formats) {
    this.#formats = formats;
  }

  add(language: string, words: ResourceLanguage): void {
    this.#bundles.set(language, { ...this.#bundles.get(language), ...words });
  }

  speaks(language: string): boolean {
    return this.#bundles.has(language);
  }

  change(locale: string): void {
    this.locale = locale;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks in the bundles in their order, and in each for the locale, its language, and English. The key where there is nothing. */
  say(locale: string, names: readonly string[], key: string, values: Values = {}): string {
    const [path = '', named] = key.split(':', 2).toReversed();
    const text = this.#find(locale, named === undefined ? names : [named], path, values['count']);
    return text?.replace(PLACE, (_whole, place: string) => this.#value(locale, place, values)) ?? path;
  }

  #find(locale: string, names: readonly string[], path: string, count: unknown): string | undefined {
    for (const name of names) {
      for (const language of [locale, locale.split('-', 1)[0] ?? '', this.#fallback]) {
        const words = this.#bundles.get(language)?.[name];
        const plural = typeof count === 'number' ? `_${new Intl.PluralRules(language).select(count)}` : '';
        const found = (plural && leaf(words, path + plural)) || leaf(words, path);
        if (found) return found;
      }
    }
    return undefined;
  }

  #value(locale: string, place: string, values: Values): string {
    const [, name = '', format = '', options = ''] = /^\s*([\w.]+)\s*(?:,\s*(\w+)(?:\((.*)\))?)?\s*$/.exec(place) ?? [];
    const say = this.#formats[format];
    return say ? say(values[name], locale, optionsOf(options)) : String(values[name] ?? '');
  }
}

function leaf(words: unknown, path: string): string | undefined {
  let found = words;
  for (const key of path.split('.')) found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** "minimumFractionDigits: 1; style: percent" */
function optionsOf(text: string): Intl.NumberFormatOptions {
  const pairs = text.split(';').flatMap((pair) => {
    const [name, value] = pair.split(':').map((part) => part.trim());
    return name && value ? [[name, /^\d+$/.test(value) ? Number(value) : value] as const] : [];
  });
  return Object.fromEntries(pairs);
}
