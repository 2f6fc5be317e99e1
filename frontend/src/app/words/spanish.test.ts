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
import { en as shared } from '../../shared/i18n/words/en';
import { en as palette } from '../palette/words/en';
import { en as app } from './en';
import type { English } from './i18next';
import { spanish } from './spanish';

const english: English = { app, admin, auth, chat, conversations, keeping, memories, models, palette, presets, settings, shared, usage };

type Leaves = Map<string, string>;

function leaves(words: object, path = ''): Leaves {
  return new Map(
    Object.entries(words).flatMap(([key, value]: [string, string | object]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...leaves(value, `${path}${key}.`)],
    ),
  );
}

/** "{{count, number}}" and the like, in no order. */
function placeholders(text: string): string[] {
  return (text.match(/\{\{.*?\}\}/g) ?? []).toSorted();
}

const from = leaves(english);
const to = leaves(spanish);

/** What the languages have in common, beside names and units. */
const ALIKE = new Set(['token', 'tokens', 'Tokens', 'Hash']);

function isTranslated(key: string, text: string): boolean {
  const bare = text.replace(/\{\{.*?\}\}/g, '').trim();
  return text.trim() !== '' && (text !== from.get(key) || ALIKE.has(bare) || !/\p{L}{4}/u.test(bare));
}

/** The English text that a Spanish one says. */
function original(key: string): string {
  return from.get(key) ?? from.get(key.replace(/_many$/, '_other')) ?? '';
}

describe('Spanish', () => {
  it('has every key of the English words, and whole millions besides', () => {
    const millions = [...from.keys()].filter((key) => key.endsWith('_other')).map((key) => key.replace(/_other$/, '_many'));
    expect([...to.keys()].toSorted()).toEqual([...from.keys(), ...millions].toSorted());
  });

  it('has the same placeholders, with the same formats', () => {
    const wanted = [...to.keys()].map((key) => [key, ...placeholders(original(key))]);
    expect([...to].map(([key, text]) => [key, ...placeholders(text)])).toEqual(wanted);
  });

  it('leaves nothing empty and nothing in English', () => {
    expect([...to].filter(([key, text]) => !isTranslated(key, text)).map(([key]) => key)).toEqual([]);
  });
});
