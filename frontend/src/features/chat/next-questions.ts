// Questions that wait to be asked: behind the answer that is being written, or until the backend is back. Kept per
// conversation in the browser, each under the key by which the server knows it again. Knows nothing of sending.
import { useCallback, useMemo, useState } from 'react';

import { readStored, store } from '../../shared/lib/storage';
import { draftKey } from './drafts';

/** `tries`: how often it was sent without word from the server; 0 for one that waits for its turn. */
export type NextQuestion = { key: string; text: string; tries: number };

export type NextQuestions = {
  all: readonly NextQuestion[];
  /** One that is there already keeps its place. */
  put(question: NextQuestion): void;
  drop(key: string): void;
  /** A new conversation got its address; they are found there from now on. */
  move(conversationId: string): void;
};

/** Beside the draft, and forgotten with it. */
function placeOf(owner: string, conversationId: string | null): string {
  return `${draftKey(owner, conversationId)}:next`;
}

export function useNextQuestions(owner: string, conversationId: string | null): NextQuestions {
  const place = placeOf(owner, conversationId);
  const [held, hold] = useState(() => ({ place, all: loaded(place) }));
  if (held.place !== place) hold({ place, all: loaded(place) });

  // Another tab may have stored some in the same place: each change is made to theirs and to ours.
  const change = useCallback(
    (changed: (all: readonly NextQuestion[]) => NextQuestion[]) => {
      save(place, changed(loaded(place)));
      hold((before) => ({ ...before, all: changed(before.all) }));
    },
    [place],
  );
  const put = useCallback((question: NextQuestion) => change((all) => withQuestion(all, question)), [change]);
  const drop = useCallback((key: string) => change((all) => all.filter((each) => each.key !== key)), [change]);
  const move = useCallback(
    (id: string) => {
      const to = placeOf(owner, id);
      if (to === place) return;
      save(to, [...loaded(to), ...loaded(place)]);
      save(place, []);
    },
    [owner, place],
  );
  const { all } = held;
  return useMemo(() => ({ all, put, drop, move }), [all, put, drop, move]);
}

function withQuestion(all: readonly NextQuestion[], question: NextQuestion): NextQuestion[] {
  const known = all.some(({ key }) => key === question.key);
  return known ? all.map((each) => (each.key === question.key ? question : each)) : [...all, question];
}

function save(place: string, all: readonly NextQuestion[]): void {
  store(place, all.length === 0 ? null : JSON.stringify(all));
}

function loaded(place: string): NextQuestion[] {
  try {
    const found: unknown = JSON.parse(readStored(place) ?? '[]');
    return Array.isArray(found) ? found.filter(isQuestion) : [];
  } catch {
    return [];
  }
}

function isQuestion(value: Partial<NextQuestion> | null): value is NextQuestion {
  return typeof value?.key === 'string' && typeof value.text === 'string' && typeof value.tries === 'number';
}
