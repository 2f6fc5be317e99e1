// Runs at most one turn of a view: starts it, attaches to it, stops it. The network is `follow`'s, the state is the reducer's.
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';

import { openStream } from '../../../shared/api/client';
import { cancelGeneration } from '../queries';
import type { MetaData, NumberedEvent } from './events';
import { createFlush } from './flush';
import { follow, type Lines, type Outcome } from './follow';
import { generationOf, reduceTurn, type Turn, type TurnAction, type TurnOrigin } from './reduce-turn';
import { submissionHeard, submissionKey } from './submission';
import type { Trouble } from './trouble';

export type AskRequest = {
  conversationId: string | null;
  content: string;
  /** A choice for a new conversation; an existing one keeps its own on the server. */
  choice: { provider: string; model: string } | null;
  /** Under which the server takes it once, however often it is sent. */
  key: string;
  /** What was sent under the key before; null for the first time. */
  body: object | null;
};

/** The question in other words, beside the one that it was. */
export type EditRequest = { conversationId: string; questionId: string; parentId: string | null; content: string };

export type RetryRequest = { conversationId: string; messageId: string; questionId: string };

/** `had`: how many characters there are of the answer. */
export type ContinueRequest = { conversationId: string; messageId: string; had: number };

/** Parameters that go with every question, under the names of the wire. */
export type Sampling = Readonly<Record<string, string | number | boolean>>;

export type TurnListener = {
  /** `meta` came: question and empty answer are stored. */
  onAccepted(origin: TurnOrigin, meta: MetaData): void;
  /** `stopped`: the person pressed Stop before there was word from the server. */
  onRefused(origin: TurnOrigin, trouble: Trouble, stopped: boolean): void;
  /** The stored messages are worth reading again. */
  onEnded(): void;
};

export type TurnControls = {
  turn: Turn | null;
  /** Returns what it sends. */
  ask(request: AskRequest): object;
  edit(request: EditRequest): void;
  retry(request: RetryRequest): void;
  continueAnswer(request: ContinueRequest): void;
  attach(generationId: string, startedAt: number): void;
  stop(): void;
  markStored(): void;
  /** Stop reading and forget the turn; the generation goes on by itself. */
  leave(): void;
};

const attachLine: Lines['attach'] = (generationId, after, signal) =>
  openStream(`/chat/stream/${encodeURIComponent(generationId)}`, {
    method: 'GET',
    headers: { 'Last-Event-ID': String(after) },
    signal,
  });

function postLine(path: string, body: unknown, key = submissionKey(path, body)): Lines {
  const headers = { 'Idempotency-Key': key };
  return { open: (signal) => openStream(path, { method: 'POST', body, headers, signal }), attach: attachLine };
}

function askBody({ conversationId, content, choice }: Omit<AskRequest, 'key' | 'body'>): object {
  const message = { role: 'user', content };
  if (conversationId !== null) return { conversation_id: conversationId, message, require_conversation: true };
  return { message, ...choice };
}

export function useTurn(listener: TurnListener, sampling: Sampling): TurnControls {
  const { turn, run, stop, markStored, leave } = useReading(listener);
  const wishes = useRef(sampling);
  useEffect(() => {
    wishes.current = sampling;
  });
  const ask = useCallback(
    (request: AskRequest) => {
      const { content, key, body } = request;
      const sent = body ?? { ...askBody(request), ...wishes.current };
      run({ kind: 'ask', question: content, key }, postLine('/chat/stream', sent, key), null, Date.now());
      return sent;
    },
    [run],
  );
  const edit = useCallback(
    ({ conversationId, questionId, parentId, content }: EditRequest) => {
      const body = { ...askBody({ conversationId, content, choice: null }), parent_id: parentId, ...wishes.current };
      run({ kind: 'edit', question: content, questionId, parentId }, postLine('/chat/stream', body), null, Date.now());
    },
    [run],
  );
  const retry = useCallback(
    ({ conversationId, messageId, questionId }: RetryRequest) => {
      const lines = postLine('/chat/retry', { conversation_id: conversationId, message_id: messageId, ...wishes.current });
      run({ kind: 'retry', questionId, replacedId: messageId }, lines, null, Date.now());
    },
    [run],
  );
  const continueAnswer = useCallback(
    ({ conversationId, messageId, had }: ContinueRequest) => {
      const lines = postLine('/chat/continue', { conversation_id: conversationId, message_id: messageId, ...wishes.current });
      run({ kind: 'continue', answerId: messageId, had }, lines, null, Date.now());
    },
    [run],
  );
  const attach = useCallback(
    (generationId: string, startedAt: number) =>
      run({ kind: 'attach', generationId }, { open: null, attach: attachLine }, generationId, startedAt),
    [run],
  );
  return useMemo(
    () => ({ turn, ask, edit, retry, continueAnswer, attach, stop, markStored, leave }),
    [turn, ask, edit, retry, continueAnswer, attach, stop, markStored, leave],
  );
}

type Run = (origin: TurnOrigin, lines: Lines, generationId: string | null, at: number) => void;
type Tell = (action: TurnAction) => void;

/** The state of the turn and the one reading of it: a new run, or leaving, ends the reading before. */
function useReading(listener: TurnListener) {
  const [turn, dispatch] = useReducer(reduceTurn, null);
  const reading = useRef<AbortController | null>(null);
  /** Stop was pressed before the generation had a name. */
  const stopWanted = useRef(false);
  const heard = useRef(listener);
  useEffect(() => {
    heard.current = listener;
  });

  const leave = useCallback(() => {
    reading.current?.abort();
    reading.current = null;
    dispatch({ type: 'dropped' });
  }, []);
  useEffect(() => leave, [leave]);

  const run = useCallback<Run>((origin, lines, generationId, at) => {
    reading.current?.abort();
    const controller = new AbortController();
    reading.current = controller;
    stopWanted.current = false;
    dispatch({ type: 'begun', origin, at });
    const tell: Tell = (action) => {
      if (!controller.signal.aborted) dispatch(action);
    };
    const onMeta = (meta: MetaData) => {
      submissionHeard();
      if (stopWanted.current) void cancel(meta.generation_id, tell);
      if (origin.kind !== 'attach') heard.current.onAccepted(origin, meta);
    };
    const read = async () => {
      const outcome = await readAll(lines, generationId, { tell, onMeta }, controller.signal);
      if (!controller.signal.aborted) conclude(outcome, origin, stopWanted.current, tell, heard.current);
    };
    void read();
  }, []);
  const generationId = generationOf(turn);
  const stop = useCallback(() => {
    stopWanted.current = true;
    dispatch({ type: 'stop-asked' });
    if (generationId !== null) void cancel(generationId, dispatch);
  }, [generationId]);
  const markStored = useCallback(() => dispatch({ type: 'stored' }), []);
  return { turn, run, stop, markStored, leave };
}

type Ear = { tell: Tell; onMeta(meta: MetaData): void };

/** Reads to the end of the stream; what arrives is told once per frame. */
async function readAll(lines: Lines, generationId: string | null, { tell, onMeta }: Ear, signal: AbortSignal): Promise<Outcome> {
  const flush = createFlush<NumberedEvent>((events) => tell({ type: 'received', events, at: Date.now() }));
  const onEvent = (numbered: NumberedEvent) => {
    flush.push(numbered);
    if (numbered.event.type !== 'meta') return;
    flush.now();
    onMeta(numbered.event.data);
  };
  const onLost = () => tell({ type: 'line-lost' });
  const onBack = () => tell({ type: 'line-back' });
  const outcome = await follow(lines, generationId, { onEvent, onLost, onBack }, signal);
  flush.now();
  return outcome;
}

async function cancel(generationId: string, tell: Tell): Promise<void> {
  try {
    await cancelGeneration(generationId);
  } catch {
    tell({ type: 'stop-failed' });
  }
}

function conclude(outcome: Outcome, origin: TurnOrigin, stopped: boolean, tell: Tell, heard: TurnListener): void {
  if (outcome.type === 'refused') {
    tell({ type: 'dropped' });
    heard.onRefused(origin, outcome.trouble, stopped);
    return;
  }
  if (outcome.type === 'gone') tell({ type: 'stream-gone' });
  if (outcome.type === 'parted') tell({ type: 'parted', trouble: outcome.trouble, at: Date.now() });
  heard.onEnded();
}
