// Questions that wait to be asked: behind the answer that is being written, or until the backend is back. Kept per
// conversation in the browser, each under the key by which the server knows it again. Knows nothing of sending.
import { useCallback, useEffect, useMemo, useState } from 'react';

import { readStoredList, storeList } from '../../shared/lib/storage';
import { draftKey } from './drafts';

/**
 * `at`: when it was asked for, by this device's clock. `tries`: how often it was sent without word from the server. `held`: nothing but a
 * person's word sends it. `body`: what was sent under the key; null before. `after`: the last question of the conversation when it was first sent.
 */
export type NextQuestion = {
  key: string;
  text: string;
  at: number;
  tries: number;
  held: boolean;
  body: object | null;
  after: string | null;
};

export type NextQuestions = {
  all: readonly NextQuestion[];
  /** One that is there already keeps its place. */
  put(question: NextQuestion): void;
  drop(key: string): void;
  /** All of them wait for a person's word, or no longer do. */
  hold(held: boolean): void;
  /** The question under `key` (null for none of them) was taken, in this conversation; what is to follow is found there from now on. */
  accept(key: string | null, conversationId: string): void;
};

/** `from`: the place that they were moved from, whose view may not know of it yet. */
type Kept = { place: string; from: string | null; all: readonly NextQuestion[] };

/** What was asked for longer ago is not asked without a word when the page comes back. */
const FRESH_MS = 600_000;

/** Beside the draft, and forgotten with it. */
function placeOf(owner: string, conversationId: string | null): string {
  return `${draftKey(owner, conversationId)}:next`;
}

export function useNextQuestions(owner: string, conversationId: string | null): NextQuestions {
  const place = placeOf(owner, conversationId);
  const isNew = conversationId === null;
  const [kept, keep] = useState<Kept>(() => ({ place, from: null, all: found(place, isNew) }));
  if (kept.place !== place && kept.from !== place) keep({ place, from: null, all: found(place, isNew) });

  // Another tab may have stored some in the same place: each change is made to theirs and to ours.
  const change = useCallback(
    (changed: (all: readonly NextQuestion[]) => NextQuestion[]) => {
      storeList(place, changed(loaded(place)));
      keep((before) => ({ ...before, all: changed(before.all) }));
    },
    [place],
  );
  useEffect(() => {
    const onStored = ({ key }: StorageEvent): void => {
      if (key === place) keep((before) => ({ ...before, all: merged(before.all, loaded(place)) }));
    };
    window.addEventListener('storage', onStored);
    return () => window.removeEventListener('storage', onStored);
  }, [place]);

  const put = useCallback((question: NextQuestion) => change((all) => withQuestion(all, question)), [change]);
  const drop = useCallback((key: string) => change((all) => all.filter((each) => each.key !== key)), [change]);
  const hold = useCallback((held: boolean) => change((all) => all.map((each) => ({ ...each, held }))), [change]);
  const { all } = kept;
  const accept = useCallback(
    (taken: string | null, id: string) => {
      const to = placeOf(owner, id);
      if (to === place) {
        if (taken !== null) drop(taken);
        return;
      }
      // Those held here are another tab's, or wait for a word of their own.
      const moved = all.filter(({ key, held }) => key !== taken && !held);
      const gone = new Set([taken, ...moved.map(({ key }) => key)]);
      storeList(
        place,
        loaded(place).filter(({ key }) => !gone.has(key)),
      );
      storeList(to, [...loaded(to), ...moved]);
      keep({ place: to, from: place, all: moved });
    },
    [owner, place, all, drop],
  );
  return useMemo(() => ({ all, put, drop, hold, accept }), [all, put, drop, hold, accept]);
}

/** When the page comes back: what was sent, is old, or has no conversation yet may be another tab's, or long forgotten. */
function found(place: string, isNew: boolean): NextQuestion[] {
  const since = Date.now() - FRESH_MS;
  return loaded(place).map((each) => ({ ...each, held: each.held || isNew || each.tries > 0 || each.at < since }));
}

/** What another tab took away is gone; what it added is its own to ask. */
function merged(ours: readonly NextQuestion[], theirs: readonly NextQuestion[]): NextQuestion[] {
  return theirs.map((each) => ours.find(({ key }) => key === each.key) ?? { ...each, held: true });
}

function withQuestion(all: readonly NextQuestion[], question: NextQuestion): NextQuestion[] {
  const known = all.some(({ key }) => key === question.key);
  return known ? all.map((each) => (each.key === question.key ? question : each)) : [...all, question];
}

function loaded(place: string): NextQuestion[] {
  return readStoredList(place, isQuestion);
}

function isQuestion(value: unknown): value is NextQuestion {
  if (!(value instanceof Object)) return false;
  const { key, text, at, tries, held, body, after }: Partial<NextQuestion> = value;
  const named = typeof key === 'string' && typeof text === 'string' && (after === null || typeof after === 'string');
  return named && typeof held === 'boolean' && typeof at === 'number' && typeof tries === 'number' && typeof body === 'object';
}
