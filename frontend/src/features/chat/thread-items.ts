// Lays a running turn over the stored path, so that the thread shows one list. Pure; knows no page and no network.
import { isRunning, type Message } from './queries';
import { isUnderWay, type Turn } from './stream/reduce-turn';

export type QuestionItem = { role: 'question'; id: string; text: string; message: Message | null };
/** `live` is there as long as the turn knows more than the stored message does. */
export type AnswerItem = { role: 'answer'; id: string; questionId: string | null; message: Message | null; live: Turn | null };
/** One question with the answer below it; either may be missing at the edge of an odd tree. */
export type Exchange = { id: string; question: QuestionItem | null; answers: AnswerItem[] };

export const PENDING_QUESTION = 'pending-question';
export const PENDING_ANSWER = 'pending-answer';

const exchangesOf = new WeakMap<readonly Message[], Exchange[]>();

export function threadOf(stored: readonly Message[], turn: Turn | null): Exchange[] {
  const exchanges = storedExchanges(stored);
  if (turn === null) return exchanges;
  const answerId = answerIdOf(turn, stored);
  const place = exchanges.findIndex(({ answers }) => answers.some(({ id }) => id === answerId));
  if (place !== -1) return exchanges.map((exchange, index) => (index === place ? overlay(exchange, answerId, turn) : exchange));
  if (turn.stored || turn.origin.kind === 'attach' || turn.origin.kind === 'continue') return exchanges;
  if (turn.origin.kind === 'retry') return answeredAgain(exchanges, turn, turn.origin.questionId);
  return appended(turn.origin.kind === 'ask' ? exchanges : before(exchanges, turn.origin.questionId), turn, turn.origin.question);
}

/** The answer that the turn writes, also before `meta` says so: an attached one is the running message of the path. */
export function answerIdOf(turn: Turn | null, stored: readonly Message[]): string | null {
  if (turn === null) return null;
  if (turn.meta) return turn.meta.assistant_message_id;
  if (turn.origin.kind === 'continue') return turn.origin.answerId;
  if (turn.origin.kind !== 'attach') return null;
  return stored.findLast(isRunning)?.id ?? null;
}

/** What is read again is mostly the same: it keeps its objects, so that the thread is not drawn again for it. */
function storedExchanges(stored: readonly Message[]): Exchange[] {
  const known = exchangesOf.get(stored);
  if (known) return known;
  const groups: Message[][] = [];
  for (const message of stored) {
    const last = groups.at(-1);
    if (message.role === 'user' || last === undefined) groups.push([message]);
    else last.push(message);
  }
  const exchanges = groups.map(exchangeOf);
  exchangesOf.set(stored, exchanges);
  return exchanges;
}

const exchangeBegunBy = new WeakMap<Message, { messages: Message[]; exchange: Exchange }>();

function exchangeOf(messages: Message[]): Exchange {
  const [first] = messages;
  const known = first && exchangeBegunBy.get(first);
  if (known && known.messages.length === messages.length && known.messages.every((message, place) => message === messages[place])) {
    return known.exchange;
  }
  const asked = first?.role === 'user' ? first : null;
  const question: QuestionItem | null = asked && { role: 'question', id: asked.id, text: asked.content, message: asked };
  const answers = messages.slice(asked ? 1 : 0).map(answerOf);
  const exchange = { id: first?.id ?? '', question, answers };
  if (first) exchangeBegunBy.set(first, { messages, exchange });
  return exchange;
}

function answerOf(message: Message): AnswerItem {
  return { role: 'answer', id: message.id, questionId: message.parent_id, message, live: null };
}

function overlay(exchange: Exchange, answerId: string | null, turn: Turn): Exchange {
  const answers = exchange.answers.map((answer) => (answer.id === answerId ? { ...answer, live: turn } : answer));
  return { ...exchange, answers };
}

/** Another question stands in the place of one and of all that followed it. */
function before(exchanges: Exchange[], questionId: string): Exchange[] {
  const place = exchanges.findIndex(({ id }) => id === questionId);
  return place === -1 ? exchanges : exchanges.slice(0, place);
}

function appended(exchanges: Exchange[], turn: Turn, text: string): Exchange[] {
  const id = turn.meta?.user_message_id ?? PENDING_QUESTION;
  const others = exchanges.filter((exchange) => exchange.id !== id);
  return [...others, { id, question: { role: 'question', id, text, message: null }, answers: [liveAnswer(turn, id)] }];
}

function answeredAgain(exchanges: Exchange[], turn: Turn, questionId: string): Exchange[] {
  const place = exchanges.findIndex(({ id }) => id === questionId);
  const asked = exchanges[place];
  if (!asked) return exchanges;
  return [...exchanges.slice(0, place), { ...asked, answers: [liveAnswer(turn, questionId)] }];
}

function liveAnswer(turn: Turn, questionId: string): AnswerItem {
  const id = turn.meta?.assistant_message_id ?? PENDING_ANSWER;
  return { role: 'answer', id, questionId, message: null, live: turn };
}

/** The running answer to attach to, if no turn of this view reads it already. */
export function unfollowed(stored: readonly Message[], turn: Turn | null): Message | null {
  if (isUnderWay(turn) || turn?.phase === 'parted') return null;
  const running = stored.findLast(isRunning) ?? null;
  // One whose end was stored, and which runs all the same, was made to go on elsewhere.
  const known = running !== null && running.id === answerIdOf(turn, stored) && !turn?.stored;
  return known ? null : running;
}
