// What the palette offers for some words: acts with their keys, places, models, conversations. Pure.
import type { Conversation } from '../../features/conversations/lists';
import type { Model } from '../../features/models/queries';
import { paths } from '../../shared/config/paths';
import type { PageKey } from '../../shared/lib/keys';
import type { PaletteWords } from './words/use-words';

export type Entry = { id: string; label: string; keyName?: PageKey; run: Act };
export type Act = { is: 'press'; name: PageKey } | { is: 'go'; path: string } | { is: 'model'; model: Model } | { is: 'signOut' };
export type EntryGroup = { label: string; entries: Entry[] };

export type Known = {
  /** The keys that somebody acts on now. */
  keys: readonly PageKey[];
  admin: boolean;
  models: readonly Model[];
  conversations: readonly Conversation[];
};

const MOST_CONVERSATIONS = 8;

/** By all of the words. The conversations were found by the server, but maybe for what was typed a moment before. */
export function entriesFor(t: PaletteWords, words: string, { keys, admin, models, conversations }: Known): EntryGroup[] {
  const matches = ({ label }: Entry): boolean =>
    words
      .toLowerCase()
      .split(/\s+/)
      .every((word) => label.toLowerCase().includes(word));
  const acts = keys.map((name): Entry => ({ id: name, label: t(`keys.${name}`), keyName: name, run: { is: 'press', name } }));
  const groups: EntryGroup[] = [
    {
      label: t('groups.conversations'),
      entries: conversations
        .map(({ id, title }) => go(id, title, paths.conversation(id)))
        .filter(matches)
        .slice(0, MOST_CONVERSATIONS),
    },
    {
      label: t('groups.actions'),
      entries: [...acts, { id: 'sign-out', label: t('places.signOut'), run: { is: 'signOut' } as const }].filter(matches),
    },
    { label: t('groups.models'), entries: models.map(modelEntry).filter(matches) },
    { label: t('groups.settings'), entries: places(t, admin).filter(matches) },
  ];
  return groups.filter(({ entries }) => entries.length > 0);
}

function modelEntry(model: Model): Entry {
  return { id: `${model.provider}/${model.id}`, label: model.label, run: { is: 'model', model } };
}

function places(t: PaletteWords, admin: boolean): Entry[] {
  const settings = go('settings', t('places.settings'), paths.settings);
  if (!admin) return [settings];
  return [
    settings,
    go('admin', t('places.admin'), paths.admin),
    go('people', t('places.people'), paths.people),
    go('invites', t('places.invites'), paths.invites),
    go('usage', t('places.usage'), paths.usage),
    go('audit', t('places.audit'), paths.audit),
  ];
}

function go(id: string, label: string, path: string): Entry {
  return { id: `go ${id}`, label, run: { is: 'go', path } };
}
