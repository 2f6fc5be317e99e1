// One look at an answer, whether it is stored, running or both. Pure.
import type { Message } from './queries';
import type { EndStatus, TokenUsage } from './stream/events';
import { isUnderWay, type Turn } from './stream/reduce-turn';
import type { Trouble } from './stream/trouble';
import type { AnswerItem } from './thread-items';
import { storedTrouble } from './words';

type Facts = {
  text: string;
  reasoning: string;
  reasoningSince: number | null;
  reasoningUntil: number | null;
  model: string | null;
  usage: TokenUsage | null;
  elapsedMs: number | null;
  /** When the waiting began, on the page's clock. */
  since: number;
  note: string | null;
};

/** `parted`: the answer may go on, but this page no longer hears of it. */
type State = { state: 'running' | Exclude<EndStatus, 'error'> } | { state: 'error' | 'parted'; trouble: Trouble };

export type AnswerView = Facts & State;

export function answerView({ message, live }: AnswerItem): AnswerView {
  return { ...facts(message, live), ...state(message, live) };
}

const NOTHING: Facts = {
  text: '',
  reasoning: '',
  reasoningSince: null,
  reasoningUntil: null,
  model: null,
  usage: null,
  elapsedMs: null,
  since: 0,
  note: null,
};

/** A replay begins with nothing and must not blank the page; what is stored at the end is the whole. */
function facts(message: Message | null, live: Turn | null): Facts {
  const stored = message ? storedFacts(message) : NOTHING;
  if (live === null) return stored;
  const heard = heardFacts(live);
  const settled = endOf(message) !== null;
  return {
    ...heard,
    text: settled ? stored.text : longer(heard.text, stored.text),
    reasoning: settled ? stored.reasoning : longer(heard.reasoning, stored.reasoning),
    model: stored.model ?? heard.model,
    usage: stored.usage ?? heard.usage,
    elapsedMs: stored.elapsedMs ?? heard.elapsedMs,
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
    since: startedAt,
    note: noteOf(live),
  };
}

/** The server's own sentence and the request's id are known only while the turn is; later the stored code must do. */
function state(message: Message | null, live: Turn | null): State {
  if (live && isUnderWay(live)) return { state: 'running' };
  const status = endOf(message) ?? live?.end?.status ?? null;
  if (status === 'error') {
    return { state: status, trouble: live?.trouble ?? storedTrouble(message ? partOf(message, 'error') : '') };
  }
  if (status !== null) return { state: status };
  return live?.phase === 'parted' && live.trouble ? { state: 'parted', trouble: live.trouble } : { state: 'running' };
}

/** Null while it runs. */
function endOf(message: Message | null): EndStatus | null {
  if (message === null || message.state === 'queued' || message.state === 'streaming') return null;
  return message.state;
}

function partOf(message: Message, type: 'reasoning' | 'error'): string {
  return message.parts.find((part) => part.type === type)?.text ?? '';
}

function longer(live: string, stored: string): string {
  return live.length >= stored.length ? live : stored;
}

function noteOf({ meta, connected, phase }: Turn): string | null {
  if (!connected && phase === 'running') return 'The line was lost. The answer goes on at home and is being taken up again.';
  if (meta?.selection.fallback_from) return `${meta.selection.fallback_from} could not be had, so ${meta.model} answers.`;
  const dropped = meta?.context.dropped ?? 0;
  if (dropped === 1) return 'One older message did not fit the model’s context and was left out.';
  return dropped > 1 ? `${dropped} older messages did not fit the model’s context and were left out.` : null;
}
