// Joins the stored conversation, the running turn and the draft of one view: what is shown, and what can be done with it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { draftKey, useDraft, type Draft } from '../drafts';
import { useNextQuestions, type NextQuestion, type NextQuestions } from '../next-questions';
import { noteBegun } from '../own-turns';
import { isRunning, lengthOf, showBranch, type Conversation, type Message } from '../queries';
import { generationOf, isUnderWay, type Turn } from '../stream/reduce-turn';
import { troubleOf, type Trouble } from '../stream/trouble';
import { useTurn, type Sampling, type TurnControls } from '../stream/use-turn';
import { threadOf, type Exchange } from '../thread-items';
import { isAmbiguous } from '../words/phrases';
import { isWorthReading, refusalOf, type Refusal, type Refused } from './refusals';
import type { ThreadActs } from './thread-acts';
import { useNext, type Next } from './use-next';
import { useStored, type OnRead, type Stored } from './use-stored';

export type SessionProps = {
  conversationId: string | null;
  choice: { provider: string; model: string } | null;
  sampling: Sampling;
  draftOwner: string;
  onCreated(id: string): void;
  /** The conversation as a turn begins in it; null where the page does not know it. */
  onTurnBegun(conversation: Conversation | null): void;
  onTurnEnded: OnRead;
  /** The view is left in the middle of an answer. */
  onLeft(id: string | null): void;
  onTurnFailed(): void;
  /** `id`: of the conversation, null while it has none. */
  onAnsweringChanged(answering: boolean, id: string | null): void;
  /** The first answer of a conversation has ended, and the model may yet give it a title. */
  onUnnamed(id: string): void;
};

export type Session = {
  exchanges: readonly Exchange[];
  stored: Stored;
  draft: Draft;
  turn: Turn | null;
  refusal: Refusal | null;
  acts: ThreadActs;
  /** Asks, or lets it wait until the answer under way is written. */
  send(text: string): void;
  stop(): void;
  next: Next;
};

export function useSession(props: SessionProps): Session {
  const { conversationId, choice, sampling, draftOwner, onCreated, onTurnBegun, onTurnEnded, onTurnFailed, onUnnamed } = props;
  const cache = useQueryClient();
  const draft = useDraft(draftKey(draftOwner, conversationId));
  const [refused, setRefused] = useState<Refused | null>(null);
  const questions = useNextQuestions(draftOwner, conversationId);
  const [endings, setEndings] = useState(0);
  const changed = () => setEndings((count) => count + 1);
  const controls = useTurn(
    {
      onAccepted: (origin, meta) => {
        const id = meta.conversation_id;
        draft.follow(draftKey(draftOwner, id));
        questions.accept(origin.kind === 'ask' ? origin.key : null, id);
        const begun = noteBegun(cache, meta, { choice, sampling });
        if (meta.conversation_created) onCreated(id);
        onTurnBegun(begun);
      },
      onRefused: (origin, trouble, stopped) => {
        const told = origin.kind === 'ask' ? settle(origin.key, trouble, stopped, questions, draft) : trouble;
        if (told === null) return;
        setRefused({ origin, trouble: told });
        if (isWorthReading(told)) changed();
      },
      onEnded: changed,
    },
    sampling,
  );
  const { turn, ask, stop } = controls;
  const stored = useStored(conversationId, controls, endings, onTurnEnded);
  useAnnounced(conversationId, isUnderWay(turn), props);
  useUnnamed(conversationId, stored.unnamed && turn?.stored === true && turn.text !== '', onUnnamed);
  useFailures(turn?.end?.status === 'error' || refused !== null, onTurnFailed);

  const { messages } = stored;
  const submit = useCallback(
    ({ key, text, body }: NextQuestion) => {
      setRefused(null);
      return ask({ conversationId, content: text, choice, key, body });
    },
    [ask, choice, conversationId],
  );
  const { next, send } = useNext(questions, { turn, state: stateOf(stored), after: lastQuestionOf(stored)?.id ?? null }, draft, submit);
  useFound(questions, stored, turn);
  const exchanges = useMemo(() => threadOf(messages, turn), [messages, turn]);
  const acts = useThreadActs(conversationId, controls, stored, setRefused);
  const refusal = refused && refusalOf(refused, acts, messages, () => send(draft.text));
  return { exchanges, stored, draft, turn, refusal, acts, send, stop, next };
}

/** How what is stored ends; null while that is not known, or not so yet. */
function stateOf({ settled, messages }: Stored): string | null {
  const last = messages.at(-1);
  return settled && !(last && isRunning(last)) ? (last?.state ?? 'complete') : null;
}

function lastQuestionOf({ messages }: Stored): Message | undefined {
  return messages.findLast(({ role }) => role === 'user');
}

/**
 * What becomes of a question that was refused, and what is told of it; null for nothing. Sent without word from the server it waits, and its
 * key keeps it from being asked twice; what is told once more, about one that may have arrived before, does not say that it has not.
 */
function settle(key: string, trouble: Trouble, stopped: boolean, questions: NextQuestions, draft: Draft): Trouble | null {
  const question = questions.all.find((each) => each.key === key);
  if (question === undefined) return trouble;
  if (isAmbiguous(trouble.code)) {
    if (stopped) questions.hold(true);
    return null;
  }
  questions.hold(true);
  if (trouble.code === 'STREAM_GONE' || trouble.code === 'IDEMPOTENCY_MISMATCH') {
    questions.drop(key);
    return { ...trouble, code: 'ASKED_BEFORE' };
  }
  if (question.tries > 1) return { ...trouble, waits: true };
  questions.drop(key);
  draft.restore(question.text);
  return trouble;
}

/** A question of before that is found in the conversation has been asked. */
function useFound({ all, drop }: NextQuestions, stored: Stored, turn: Turn | null): void {
  const first = all[0];
  const asked = turn?.origin.kind === 'ask' ? turn.origin.key : null;
  const last = lastQuestionOf(stored);
  const sent = first !== undefined && first.tries > 0 && first.key !== asked;
  // One of the same words that was there before is not it.
  const found = stored.settled && sent && last !== undefined && last.id !== first.after && last.content === first.text;
  useEffect(() => {
    if (found && first !== undefined) drop(first.key);
  }, [found, first, drop]);
}

type Announced = Pick<SessionProps, 'onAnsweringChanged' | 'onLeft'>;

function useAnnounced(id: string | null, answering: boolean, { onAnsweringChanged, onLeft }: Announced): void {
  useEffect(() => {
    onAnsweringChanged(answering, id);
    return () => onAnsweringChanged(false, id);
  }, [id, answering, onAnsweringChanged]);
  const now = useRef({ id, answering });
  useEffect(() => {
    now.current = { id, answering };
  }, [id, answering]);
  useEffect(
    () => () => {
      if (now.current.answering) onLeft(now.current.id);
    },
    [onLeft],
  );
}

function useUnnamed(conversationId: string | null, unnamed: boolean, onUnnamed: (id: string) => void): void {
  useEffect(() => {
    if (unnamed && conversationId !== null) onUnnamed(conversationId);
  }, [unnamed, conversationId, onUnnamed]);
}

function useFailures(failed: boolean, onTurnFailed: () => void): void {
  useEffect(() => {
    if (failed) onTurnFailed();
  }, [failed, onTurnFailed]);
}

function notChanged(error: unknown, again: () => void): Refused {
  return { origin: { kind: 'change', again }, trouble: troubleOf(error, Date.now()) };
}

function useThreadActs(
  conversationId: string | null,
  { turn, edit, retry, continueAnswer, attach }: TurnControls,
  { messages, read }: Stored,
  setRefused: (refused: Refused | null) => void,
): ThreadActs {
  const answering = isUnderWay(turn);
  const generationId = generationOf(turn);
  return useMemo<ThreadActs>(() => {
    const again = (messageId: string, questionId: string) => {
      setRefused(null);
      if (conversationId !== null) retry({ conversationId, messageId, questionId });
    };
    const more = (messageId: string) => {
      setRefused(null);
      const had = lengthOf(messages.find(({ id }) => id === messageId));
      if (conversationId !== null) continueAnswer({ conversationId, messageId, had });
    };
    const reworded = (question: Message, content: string) => {
      setRefused(null);
      edit({ conversationId: question.conversation_id, questionId: question.id, parentId: question.parent_id, content });
    };
    const change = async (act: () => Promise<void>): Promise<void> => {
      setRefused(null);
      try {
        await act();
        await read();
      } catch (error) {
        setRefused(notChanged(error, () => void change(act)));
      }
    };
    const branch = (messageId: string) => {
      if (conversationId !== null) void change(() => showBranch(conversationId, messageId));
    };
    const goOn = () => {
      if (generationId !== null) attach(generationId, Date.now());
    };
    if (answering) return { retry: null, edit: null, change: null, continueAnswer: null, branch: null, goOn };
    return { retry: again, edit: reworded, change: (act) => void change(act), continueAnswer: more, branch, goOn };
  }, [answering, generationId, conversationId, messages, edit, retry, continueAnswer, attach, read, setRefused]);
}
