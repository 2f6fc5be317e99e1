// A turn (one question and its growing answer) as a pure fold over what happened. Knows no network, clock or page.
import type { ChatEvent, EndStatus, MetaData, NumberedEvent, TokenUsage } from './events';
import { needsSignIn, retryAtOf, type Trouble } from './trouble';

/**
 * What started the turn: a new question, an earlier one in other words, another answer to an earlier one, more of an answer that had ended, or reading on in a
 * running one. `key`: by which the server knows the question again. `had`: so many characters stood there before; the stream begins by saying them again.
 */
export type TurnOrigin =
  | { kind: 'ask'; question: string; key: string }
  | { kind: 'edit'; question: string; questionId: string; parentId: string | null }
  | { kind: 'retry'; questionId: string; replacedId: string }
  | { kind: 'continue'; answerId: string; had: number }
  | { kind: 'attach'; generationId: string };

/** Where the question stands in its model server's queue, and when the page was told so. */
export type Place = { ahead: number; estimateSeconds: number; at: number };

/** sent: no `meta` yet. running: events come. ended: `done` came, or the stored answer is all there is. parted: the server let this reader go. */
export type TurnPhase = 'sent' | 'running' | 'ended' | 'parted';

export type Turn = {
  origin: TurnOrigin;
  phase: TurnPhase;
  /** False while a dropped line is being taken up again. */
  connected: boolean;
  /** The person pressed Stop and the end has not come yet. */
  stopping: boolean;
  lastId: number;
  meta: MetaData | null;
  /** Null when it does not wait for a seat, as far as is known. */
  place: Place | null;
  text: string;
  reasoning: string;
  /** Milliseconds on the page's clock; null when the time was not watched from its start. */
  startedAt: number;
  reasoningSince: number | null;
  reasoningUntil: number | null;
  partedAt: number | null;
  usage: TokenUsage | null;
  trouble: Trouble | null;
  end: { status: EndStatus; ttftMs: number | null; elapsedMs: number; usage: TokenUsage | null; finishReason: string | null } | null;
  /** The stored messages hold this turn's end. */
  stored: boolean;
};

export type TurnAction =
  | { type: 'begun'; origin: TurnOrigin; at: number }
  | { type: 'received'; events: readonly NumberedEvent[]; at: number }
  | { type: 'line-lost' }
  | { type: 'line-back' }
  | { type: 'stop-asked' }
  | { type: 'stop-failed' }
  | { type: 'parted'; trouble: Trouble; at: number }
  | { type: 'stream-gone' }
  | { type: 'stored' }
  | { type: 'dropped' };

export function reduceTurn(turn: Turn | null, action: TurnAction): Turn | null {
  if (action.type === 'begun') return begin(action.origin, action.at);
  if (action.type === 'dropped' || turn === null) return null;
  switch (action.type) {
    case 'received':
      return action.events.reduce((state, { id, event }) => receive(state, id, event, action.at), turn);
    case 'line-lost':
      return { ...turn, connected: false };
    case 'line-back':
      return { ...turn, connected: true };
    case 'stop-asked':
      return isUnderWay(turn) ? { ...turn, stopping: true } : turn;
    case 'stop-failed':
      return { ...turn, stopping: false };
    case 'parted':
      return { ...turn, phase: 'parted', partedAt: action.at, connected: true, stopping: false, trouble: action.trouble };
    case 'stream-gone':
      return { ...turn, phase: 'ended', connected: true, stopping: false };
    case 'stored':
      return isUnderWay(turn) ? turn : { ...turn, stored: true };
  }
}

/** The person waits for something: Stop stands where Send was. */
export function isUnderWay(turn: Turn | null): boolean {
  return turn?.phase === 'sent' || turn?.phase === 'running';
}

function begin(origin: TurnOrigin, at: number): Turn {
  return {
    origin,
    phase: origin.kind === 'attach' ? 'running' : 'sent',
    connected: true,
    stopping: false,
    lastId: 0,
    meta: null,
    place: null,
    text: '',
    reasoning: '',
    startedAt: at,
    reasoningSince: null,
    reasoningUntil: null,
    partedAt: null,
    usage: null,
    trouble: null,
    end: null,
    stored: false,
  };
}

/** An event that was seen already changes nothing, so a line that is taken up again doubles no token. */
function receive(turn: Turn, id: number | null, event: ChatEvent, at: number): Turn {
  if (id !== null && id <= turn.lastId) return turn;
  return apply(id === null ? turn : { ...turn, lastId: id }, event, at);
}

function apply(turn: Turn, event: ChatEvent, at: number): Turn {
  switch (event.type) {
    case 'meta':
      return { ...turn, phase: 'running', meta: event.data };
    case 'queue':
      return { ...turn, place: { ahead: event.data.ahead, estimateSeconds: event.data.estimate_seconds, at } };
    case 'reasoning':
      return {
        ...turn,
        place: null,
        reasoning: turn.reasoning + event.data.text,
        reasoningSince: turn.reasoningSince ?? (isWatched(turn.origin) ? at : null),
      };
    case 'delta':
      return { ...turn, place: null, text: turn.text + event.data.text, reasoningUntil: turn.reasoningUntil ?? at };
    case 'usage':
      return { ...turn, usage: event.data };
    case 'error': {
      const { code, message, request_id, retry_after } = event.data;
      return { ...turn, trouble: { code, message, requestId: request_id, retryAt: retryAtOf(retry_after, at) } };
    }
    case 'done': {
      const { status, ttft_ms, elapsed_ms, usage, finish_reason } = event.data;
      const end = { status, ttftMs: ttft_ms, elapsedMs: elapsed_ms, usage: usage ?? turn.usage, finishReason: finish_reason };
      return { ...turn, phase: 'ended', connected: true, stopping: false, place: null, reasoningUntil: turn.reasoningUntil ?? at, end };
    }
    case 'unknown':
      return turn;
  }
}

/** Whether the page was there from the answer's first word. */
function isWatched({ kind }: TurnOrigin): boolean {
  return kind === 'ask' || kind === 'edit' || kind === 'retry';
}

/** Nothing new of the answer has come yet. */
export function isSilent({ origin, text, reasoning }: Turn): boolean {
  return text.length + reasoning.length <= (origin.kind === 'continue' ? origin.had : 0);
}

/** The server let this reader go for want of a sign-in, and something else was read since. */
export function mayGoOn(turn: Turn | null, readAt: number): boolean {
  if (turn?.phase !== 'parted' || turn.partedAt === null) return false;
  return needsSignIn(turn.trouble?.code ?? '') && readAt > turn.partedAt;
}

/** Null until the server has named it. */
export function generationOf(turn: Turn | null): string | null {
  if (turn === null) return null;
  return turn.meta?.generation_id ?? (turn.origin.kind === 'attach' ? turn.origin.generationId : null);
}
