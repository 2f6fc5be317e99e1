// When a question that waits is asked: behind an answer that ended well, or when the backend is back.
import { useCallback, useEffect, useMemo } from 'react';

import { useReach } from '../../../shared/api/reach';
import { randomId } from '../../../shared/lib/random-id';
import { press } from '../../../shared/lib/use-key';
import { wholeOf, type Draft } from '../drafts';
import type { NextQuestion, NextQuestions } from '../next-questions';
import { isUnderWay, type Turn } from '../stream/reduce-turn';
import { isCoarse } from './composer-keys';

/** As often is it sent by itself without word from the server; then a person decides. */
const MOST_TRIES = 6;
const FIRST_WAIT_MS = 500;

/** What the first of them waits for: its turn, the backend, or a person's word; `unsure` when it may have been asked already. */
export type Wait = 'turn' | 'backend' | 'word' | 'unsure';

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

/** How the conversation stands: what runs, how what is stored ends (null while that is not known), and its last question. */
export type Standing = { turn: Turn | null; state: string | null; after: string | null };

/** `send` asks, or lets it wait until those before it are answered; `submit` is what asks, and gives back what it sent. */
export function useNext(
  { all, put, drop, hold }: NextQuestions,
  standing: Standing,
  { pasted, setPasted, setText, restore }: Draft,
  submit: (question: NextQuestion) => object,
): { next: Next; send(text: string): void } {
  const { turn, after } = standing;
  const answering = isUnderWay(turn);
  const asked = answering && turn?.origin.kind === 'ask' ? turn.origin.key : null;
  const waiting = useMemo(() => all.filter(({ key }) => key !== asked), [all, asked]);
  const wait = waitOf(waiting[0]);
  const inOrder = answering || wait === 'turn' || wait === 'backend';
  const ask = useCallback(
    (question: NextQuestion) => {
      const body = submit(question);
      put({ ...question, tries: question.tries + 1, held: false, body, after: question.tries === 0 ? after : question.after });
    },
    [after, put, submit],
  );
  const send = useCallback(
    (written: string) => {
      const text = wholeOf(written, pasted);
      if (text === '') return;
      setText('');
      setPasted([]);
      const question = { key: randomId(), text, at: Date.now(), tries: 0, held: false, body: null, after: null };
      if (inOrder) put(question);
      else ask(question);
    },
    [inOrder, ask, pasted, put, setPasted, setText],
  );
  useTurns(waiting, wait, standing, ask, hold);
  const next = useMemo<Next>(() => {
    // What was pressed goes with what it did; the box is where one goes on, unless that would call up a keyboard on the screen.
    const then = (act: () => void): void => {
      act();
      if (!isCoarse()) press('composer');
    };
    const now = (question: NextQuestion): void =>
      then(() => {
        hold(false);
        ask(question);
      });
    const back = ({ key, text }: NextQuestion): void =>
      then(() => {
        drop(key);
        restore(text);
      });
    return { waiting, wait, askNow: answering ? null : now, drop: (key) => then(() => drop(key)), edit: back };
  }, [waiting, wait, answering, ask, drop, hold, restore]);
  return { next, send };
}

/** Asks the first of them when what it waits for has come; behind what did not end well all wait for a word. */
function useTurns(
  waiting: readonly NextQuestion[],
  wait: Wait,
  { turn, state }: Standing,
  ask: (question: NextQuestion) => void,
  hold: (held: boolean) => void,
): void {
  const reach = useReach();
  const [first] = waiting;
  const free = state !== null && !isUnderWay(turn) && turn?.stored !== false;
  const goes = free && (wait === 'backend' ? reach === 'here' : wait === 'turn' && state === 'complete');
  const halts = free && wait === 'turn' && state !== 'complete';
  useEffect(() => {
    if (!goes || first === undefined) return undefined;
    const timer = setTimeout(() => ask(first), first.tries === 0 ? 0 : FIRST_WAIT_MS * 2 ** (first.tries - 1));
    return () => clearTimeout(timer);
  }, [goes, first, ask]);
  useEffect(() => {
    if (halts) hold(true);
  }, [halts, hold]);
}

function waitOf(question: NextQuestion | undefined): Wait {
  if (question === undefined) return 'word';
  const { tries, held } = question;
  if (tries === 0) return held ? 'word' : 'turn';
  return held || tries > MOST_TRIES ? 'unsure' : 'backend';
}
