// One look at an answer, whether it is stored, running or both. Pure.
import type { Message } from './queries';
import type { EndStatus, TokenUsage } from './stream/events';
import { isSilent, isUnderWay, type Place, type Turn } from './stream/reduce-turn';
import type { Trouble } from './stream/trouble';
import type { AnswerItem } from './thread-items';
import { storedTrouble } from './words/phrases';

type Facts = {
  text: string;
  reasoning: string;
  reasoningSince: number | null;
  reasoningUntil: number | null;
  model: string | null;
  usage: TokenUsage | null;
  elapsedMs: number | null;
  finishReason: string | null;
  /** When the waiting began, on the page's clock. */
  since: number;
};

/** `parted`: the answer may go on, but this page no longer hears of it. */
type State = { state: 'running' | Exclude<EndStatus, 'error'> } | { state: 'error' | 'parted'; trouble: Trouble };

/** For a seat at the model, at a place if that is known, or for the next word; null when there is nothing to wait for. */
export type Wait = { for: 'seat'; place: Place | null } | { for: 'word' };

export type AnswerView = Facts & State & { wait: Wait | null };

export function answerView({ message, live }: AnswerItem): AnswerView {
  const now = state(message, live);
  return { ...facts(message, live), ...now, wait: now.state === 'running' ? waitOf(message, live) : null };
}

const NOTHING: Facts = {
  text: '',
  reasoning: '',
  reasoningSince: null,
  reasoningUntil: null,
  model: null,
  usage: null,
  elapsedMs: null,
  finishReason: null,
  since: 0,
};

/** A replay begins with nothing and must not blank the page; what is stored at the end is the whole. */
function facts(message: Message | null, live: Turn | null): Facts {
  const stored = message ? storedFacts(message) : NOTHING;
  if (live === null) return stored;
  const heard = heardFacts(live);
  const settled = endOf(message, live) !== null;
  const [first, second] = settled ? [stored, heard] : [heard, stored];
  return {
    ...heard,
    text: settled ? stored.text : longer(heard.text, stored.text),
    reasoning: settled ? stored.reasoning : longer(heard.reasoning, stored.reasoning),
    model: first.model ?? second.model,
    usage: first.usage ?? second.usage,
    elapsedMs: first.elapsedMs ?? second.elapsedMs,
    finishReason: first.finishReason,
  };
}

function storedFacts(message: Message): Facts {
  return {
    ...NOTHING,
    text: message.content,
    reasoning: partOf(message, 'reasoning'),
    model: message.model,
    usage: message.usage,
    elapsedMs: message.elapsed_ms,
    finishReason: message.finish_reason,
    since: Date.parse(message.created_at),
  };
}

function heardFacts(live: Turn): Facts {
  const { text, reasoning, reasoningSince, reasoningUntil, meta, end, startedAt } = live;
  return {
    text,
    reasoning,
    reasoningSince,
    reasoningUntil,
    model: meta?.model ?? null,
    usage: end?.usage ?? null,
    elapsedMs: end?.elapsedMs ?? null,
    finishReason: end?.finishReason ?? null,
    since: startedAt,
  };
}

/** The server's own sentence and the request's id are known only while the turn is; later the stored code must do. */
function state(message: Message | null, live: Turn | null): State {
  if (live && isUnderWay(live)) return { state: 'running' };
  const status = endOf(message, live) ?? live?.end?.status ?? null;
  if (status === 'error') {
    return { state: status, trouble: live?.trouble ?? storedTrouble(message ? partOf(message, 'error') : '') };
  }
  if (status !== null) return { state: status };
  return live?.phase === 'parted' && live.trouble ? { state: 'parted', trouble: live.trouble } : { state: 'running' };
}

/** What is stored of a queue is older than anything heard. */
function waitOf(message: Message | null, live: Turn | null): Wait | null {
  if (live?.place) return { for: 'seat', place: live.place };
  if (message?.state === 'queued' && (live === null || live.lastId === 0)) return { for: 'seat', place: null };
  const silent = live === null || isSilent(live);
  const goesOn = live?.origin.kind === 'continue';
  const blank = message === null || (message.content === '' && partOf(message, 'reasoning') === '');
  return silent && (goesOn || blank) ? { for: 'word' } : null;
}

/** Null while it runs. What had ended before the turn made it go on has no end until that of the turn is stored. */
function endOf(message: Message | null, live: Turn | null): EndStatus | null {
  if (message === null || message.state === 'queued' || message.state === 'streaming') return null;
  return live?.origin.kind === 'continue' && !live.stored ? null : message.state;
}

function partOf(message: Message, type: 'reasoning' | 'error'): string {
  return message.parts.find((part) => part.type === type)?.text ?? '';
}

function longer(live: string, stored: string): string {
  return live.length >= stored.length ? live : stored;
}
