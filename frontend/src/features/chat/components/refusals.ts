// What was asked for and did not begin: how it is said, and how it is tried again. Pure.
import type { Message } from '../queries';
import type { TurnOrigin } from '../stream/reduce-turn';
import type { Trouble } from '../stream/trouble';
import { toldApart, type Wish } from '../words/phrases';
import type { ThreadActs } from './thread-acts';

/** `change`: what the server holds was to become something else. */
export type Refused = { origin: TurnOrigin | { kind: 'change'; again: () => void }; trouble: Trouble };
export type Refusal = { what: Wish; trouble: Trouble; again: () => void };

const WORTH_READING = new Set([
  'BACKEND_AWAY',
  'ASKED_BEFORE',
  'TUNNEL_ANSWERED',
  'GENERATION_IN_PROGRESS',
  'CONFLICT',
  'CONVERSATION_NOT_FOUND',
  'MESSAGE_NOT_FOUND',
]);

/** What the server holds may not be what the page shows. */
export function isWorthReading({ code }: Trouble): boolean {
  return WORTH_READING.has(code);
}

/** Null for a running answer that could not be read: it was not asked for. */
export function refusalOf({ origin, trouble }: Refused, acts: ThreadActs, messages: readonly Message[], ask: () => void): Refusal | null {
  const say = (what: Wish, again: () => void, answers = 0): Refusal => ({ what, trouble: toldApart(trouble, what, answers), again });
  switch (origin.kind) {
    case 'ask':
      return say('ask', ask);
    case 'retry': {
      const answers = messages.find(({ id }) => id === origin.replacedId)?.sibling_count;
      return say('retry', () => acts.retry?.(origin.replacedId, origin.questionId), answers);
    }
    case 'continue':
      return say('continue', () => acts.continueAnswer?.(origin.answerId));
    case 'edit': {
      const asked = messages.find(({ id }) => id === origin.questionId);
      return say('edit', () => asked && acts.edit?.(asked, origin.question), asked?.sibling_count);
    }
    case 'change':
      return say('change', origin.again);
    case 'attach':
      return null;
  }
}
