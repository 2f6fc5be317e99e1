import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';

import { en as admin } from '../../features/admin/words/en';
import { en as auth } from '../../features/auth/words/en';
import { en as chat } from '../../features/chat/words/en';
import { en as conversations } from '../../features/conversations/words/en';
import { en as keeping } from '../../features/keeping/words/en';
import { en as memories } from '../../features/memories/words/en';
import { en as models } from '../../features/models/words/en';
import { en as presets } from '../../features/presets/words/en';
import { en as settings } from '../../features/settings/words/en';
import { en as usage } from '../../features/usage/words/en';
import { duration } from '../../shared/i18n/formats';
import { translator } from '../../shared/i18n/i18n';
import { en as shared } from '../../shared/i18n/words/en';
import { en as palette } from '../palette/words/en';
import { en as app } from './en';
import type { English } from './i18next';
import { spanish } from './spanish';

const english: English = { app, admin, auth, chat, conversations, keeping, memories, models, palette, presets, settings, shared, usage };
const COUNTS = [undefined, 0, 1, 2, 21, 1_000_000];

/** One for each name that stands in braces; a number where the text formats it. */
function valuesOf(words: object): Record<string, string | number> {
  const places = [...JSON.stringify(words).matchAll(/\{\{(\w+)(,)?/g)];
  return Object.fromEntries(places.map(([, name = '', format]) => [name, format ? 12_345.67 : `${name} {{x}} <b> $&`]));
}

function keysOf(words: object): string[] {
  return Object.entries(words).flatMap(([key, value]: [string, string | object]) => {
    const plain = key.replace(/_(?:one|many|other)$/, '');
    return typeof value === 'string' ? [key, plain] : keysOf(value).map((below) => `${key}.${below}`);
  });
}

describe('the translator', () => {
  it.each(['en', 'en-GB', 'es', 'es-MX'])('says in %s what i18next says', async (locale) => {
    translator.add('en', english);
    translator.add('es', spanish);
    const i18next = createInstance();
    await i18next.init({ lng: locale, fallbackLng: 'en', resources: { en: english, es: spanish }, interpolation: { escapeValue: false } });
    i18next.services.formatter?.add('duration', duration);
    for (const [name, words] of Object.entries(english)) {
      const given = valuesOf(words);
      const theirs = i18next.getFixedT(null, [name as 'app', 'shared']) as (key: string, values: object) => string;
      const keys = [...new Set(keysOf(words)), 'shared:tryAgain', 'tryAgain', 'nowhere.at_all'];
      const counted = new Set(keys.filter((key) => keys.includes(`${key}_other`)));
      const countsOf = (key: string) => (counted.has(key) ? COUNTS : COUNTS.slice(0, 2));
      const cases = keys.flatMap((key) => countsOf(key).map((count) => [key, count === undefined ? given : { ...given, count }] as const));
      const said = cases.map(([key, values]) => [key, values, translator.say(locale, [name, 'shared'], key, values)]);
      expect(said).toEqual(cases.map(([key, values]) => [key, values, theirs(key, values)]));
    }
  });
});
