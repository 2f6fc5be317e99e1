import { describe, expect, it } from 'vitest';

import type { Conversation } from '../../features/conversations/lists';
import type { Model } from '../../features/models/queries';
import { entriesFor, type Known } from './entries';
import { words as t } from './words/use-words';

const model = { id: 'tiny-chat-1b', provider: 'lmstudio', label: 'Tiny chat 1B' } as Model;
const found = Array.from({ length: 9 }, (_, number) => ({ id: `c${number}`, title: `Found ${number}` }) as Conversation);
const known: Known = { keys: ['newConversation', 'help'], admin: false, models: [model], conversations: found };

const labels = (words: string, more: Partial<Known> = {}): string[] =>
  entriesFor(t, words, { ...known, ...more }).flatMap(({ entries }) => entries.map(({ label }) => label));

describe('what the palette offers', () => {
  it('is everything there is, a few conversations first', () => {
    expect(labels('').slice(0, 8)).toEqual(found.slice(0, 8).map(({ title }) => title));
    expect(labels('').slice(8)).toEqual(['New conversation', 'List of keys', 'Sign out', 'Tiny chat 1B', 'Settings']);
  });

  it('is what has all of the words', () => {
    expect(labels('1b TINY', { conversations: [] })).toEqual(['Tiny chat 1B']);
    expect(labels('0 fou')).toEqual(['Found 0']);
    expect(entriesFor(t, 'nowhere', known)).toEqual([]);
  });

  it('leads an admin to the admin’s pages alone', () => {
    expect(labels('invites', { conversations: [], admin: true })).toEqual(['Invites']);
    expect(labels('invites', { conversations: [] })).toEqual([]);
  });
});
