// When a question that waits is asked: behind an answer that ended well, or when the backend is back.
import { useCallback, useEffect, useMemo } from 'react';

import { useReach } from '../../../shared/api/reach';
import type { Draft } from '../drafts';
import type { NextQuestion, NextQuestions } from '../next-questions';
import { isUnderWay, type Turn } from '../stream/reduce-turn';
import { randomKey } from '../stream/submission';

/** As often is it sent by itself without word from the server; then a person decides. */
const MOST_TRIES = 6;
const FIRST_WAIT_MS = 500;

/** What the first of them waits for: its turn, the backend, or a person's word. */
export type Wait = 'turn' | 'backend' | 'word';

/** The questions that are not being asked just now, and what can be done with them. */
export type Next = {
  waiting: readonly NextQuestion[];
  wait: Wait;
  /** Null while an answer is under way. */
  askNow: ((question: NextQuestion) => void) | null;
  drop(key: string): void;
  /** Back into the box. */
  edit(question: NextQuestion): void;
};

/** How the conversation stands: what runs, how what is stored ends (null while that is not known), and whether something was refused. */
export type Standing = { turn: Turn | null; state: string | null; refused: boolean };

/** `send` asks, or lets it wait until the answer under way is written; `submit` is what asks. */
export function useNext(
  { all, put, drop }: NextQuestions,
  standing: Standing,
  { setText, restore }: Draft,
  submit: (question: NextQuestion) => void,
): { next: Next; send(text: string): void } {
  const { turn } = standing;
  const answering = isUnderWay(turn);
  const askNow = useCallback(
    (question: NextQuestion) => {
      put({ ...question, tries: question.tries + 1 });
      submit(question);
    },
    [put, submit],
  );
  const send = useCallback(
    (text: string) => {
      setText('');
      const question = { key: randomKey(), text, tries: 0 };
      if (answering) put(question);
      else askNow(question);
    },
    [answering, askNow, put, setText],
  );
  const edit = useCallback(
    ({ key, text }: NextQuestion) => {
      drop(key);
      restore(text);
    },
    [drop, restore],
  );
  const asked = answering && turn?.origin.kind === 'ask' ? turn.origin.key : null;
  const waiting = useMemo(() => all.filter(({ key }) => key !== asked), [all, asked]);
  const wait = waitOf(waiting[0], standing);
  useTurns(waiting[0], wait, standing, askNow);
  const next = useMemo<Next>(
    () => ({ waiting, wait, askNow: answering ? null : askNow, drop, edit }),
    [waiting, wait, answering, askNow, drop, edit],
  );
  return { next, send };
}

/** Asks the first of them when what it waits for has come. */
function useTurns(first: NextQuestion | undefined, wait: Wait, { turn, state }: Standing, ask: (question: NextQuestion) => void): void {
  const reach = useReach();
  const come = wait === 'backend' ? reach === 'here' : wait === 'turn' && turn?.stored !== false;
  const goes = come && state !== null && !isUnderWay(turn);
  useEffect(() => {
    if (!goes || first === undefined) return undefined;
    const timer = setTimeout(() => ask(first), first.tries === 0 ? 0 : FIRST_WAIT_MS * 2 ** (first.tries - 1));
    return () => clearTimeout(timer);
  }, [goes, first, ask]);
}

function waitOf(question: NextQuestion | undefined, { turn, state, refused }: Standing): Wait {
  if (question === undefined) return 'word';
  if (question.tries > 0) return question.tries <= MOST_TRIES ? 'backend' : 'word';
  // What was stopped or failed is looked at by a person before anything follows it.
  const well = turn?.stored === false ? turn.end?.status === 'complete' : state === 'complete';
  return isUnderWay(turn) || (well && !refused) ? 'turn' : 'word';
}
