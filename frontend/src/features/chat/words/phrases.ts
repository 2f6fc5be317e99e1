// What the chat says to a person about states and troubles, in the language that is spoken. Pure; the facts come from the server.
import { isErrorCode } from '../../../shared/i18n/i18n';
import { isUnderWay, type Place, type Turn } from '../stream/reduce-turn';
import { needsSignIn, type Trouble } from '../stream/trouble';
import { en } from './en';
import type { ChatWords } from './use-words';

const NO_USE_IN_REPEATING = new Set([
  'CONTEXT_TOO_LONG',
  'PAYLOAD_TOO_LARGE',
  'CONVERSATION_NOT_FOUND',
  'USER_INACTIVE',
  'VALIDATION_ERROR',
  'UNREADABLE_STREAM',
  'CONFLICT',
  'QUESTION_REFUSED',
  'CONVERSATION_FULL',
  'ANSWERS_FULL',
  'ANSWER_FOLLOWED',
  'ASKED_BEFORE',
]);

export function isWorthRepeating(code: string): boolean {
  return !NO_USE_IN_REPEATING.has(code);
}

export function nextStep(t: ChatWords, code: string): string | null {
  return isKeyOf(en.nextSteps, code) ? t(`nextSteps.${code}`) : null;
}

/** The chat's own words, else the page's, else what the server said: it may be newer than the page. */
export function troubleWords(t: ChatWords, { code, message, limit, problem = '' }: Trouble): string {
  if (isKeyOf(en.troubles, code)) return t(`troubles.${code}`, { limit: limit ?? 0, problem });
  if (isErrorCode(code)) return t(`shared:errors.${code}`);
  return message ?? t('ending.failed');
}

/** Which of the steps chose the model; the server may know more of them than the page. */
export function sourceWords(t: ChatWords, source: string): string {
  return isKeyOf(en.why.sources, source) ? t(`why.sources.${source}`) : source;
}

/** An answer that did not end by itself says so; else it is the model server's word. */
export function finishWords(t: ChatWords, state: string, reason: string | null): string | null {
  const end = state === 'complete' ? reason : state;
  if (end === null) return null;
  return isKeyOf(en.why.ends, end) ? t(`why.ends.${end}`) : end;
}

function isKeyOf<Keyed extends object>(words: Keyed, key: string): key is keyof Keyed & string {
  return Object.hasOwn(words, key);
}

/** A stored answer keeps the code of what went wrong, and nothing else of it. */
export function storedTrouble(code: string): Trouble {
  return { code, message: null, requestId: null, retryAt: null };
}

/** What can be refused before it begins. */
export type Wish = 'ask' | 'edit' | 'retry' | 'continue' | 'change';

/** The server has one code for several conflicts. What was wished for, and how many answers there are, tell them apart. */
export function toldApart(trouble: Trouble, wish: Wish, answers: number): Trouble {
  const { code, limit = null } = trouble;
  if (code !== 'CONFLICT') return trouble;
  if (wish === 'continue') return { ...trouble, code: 'ANSWER_FOLLOWED' };
  if (limit === null) return trouble;
  return { ...trouble, code: wish === 'retry' && answers >= limit ? 'ANSWERS_FULL' : 'CONVERSATION_FULL' };
}

/** What was kept when something was refused. */
export function keptAfterRefusal(t: ChatWords, wish: Wish, { code, waits = false }: Pick<Trouble, 'code' | 'waits'>): string | null {
  if (code === 'ASKED_BEFORE') return null;
  if (waits) return t('kept.waits');
  if (wish === 'continue') return t('kept.answer');
  return t(wish === 'ask' ? 'kept.nothingSent' : 'kept.conversation');
}

/** What is so when the server lets a reader go from an answer. */
export function keptAfterParting(t: ChatWords, code: string): string | null {
  return needsSignIn(code) ? t('kept.goesOn') : null;
}

/** Nobody can tell whether the question arrived before the line broke. */
export function isAmbiguous(code: string): boolean {
  return code === 'BACKEND_AWAY' || code === 'TUNNEL_ANSWERED';
}

/** `late`: it takes longer than was thought. */
export function seatWords(t: ChatWords, place: Place | null, late: boolean): string {
  if (place === null) return t('wait.seat');
  const order = orderWords(t, place.ahead);
  return late ? t('wait.seatLate', { order }) : t('wait.seatIn', { order, seconds: place.estimateSeconds });
}

/** For those who hear it: without times, and without every step of a long queue. */
export function spokenSeatWords(t: ChatWords, { ahead }: Place): string {
  const order = ahead > SAID_ONE_BY_ONE ? t('wait.manyAhead', { count: SAID_ONE_BY_ONE }) : orderWords(t, ahead);
  return t('wait.seatSpoken', { order });
}

const SAID_ONE_BY_ONE = 3;

function orderWords(t: ChatWords, ahead: number): string {
  return ahead === 0 ? t('wait.next') : t('wait.ahead', { count: ahead });
}

/** What is worth knowing about the way an answer came. */
export function noteOf(t: ChatWords, turn: Turn): string | null {
  const { meta, connected, phase } = turn;
  if (!connected && phase === 'running') return t('notes.lineLost');
  if (meta === null) return null;
  const { dropped } = meta.context;
  const notes = [fallbackWords(t, meta, isUnderWay(turn)), dropped === 0 ? null : t('notes.dropped', { count: dropped })];
  return notes.filter(Boolean).join(' ') || null;
}

function fallbackWords(t: ChatWords, { model, selection }: NonNullable<Turn['meta']>, answering: boolean): string | null {
  const { fallback_from: wish, reason } = selection;
  if (wish === null) return null;
  // The wish is `provider/model`, and the name of a model may have further strokes in it.
  const missed = wish.slice(wish.indexOf('/') + 1);
  if (!reason) return t(answering ? 'notes.answers' : 'notes.answered', { missed, model });
  return t(answering ? 'notes.answersBecause' : 'notes.answeredBecause', { missed, model, reason });
}

export function timeWords(t: ChatWords, count: number): string {
  if (count < 60) return t('time.seconds', { seconds: count });
  if (count < 3600) return t('time.minutes', { minutes: Math.floor(count / 60), seconds: count % 60 });
  return t('time.hours', { hours: Math.floor(count / 3600), minutes: Math.floor((count % 3600) / 60) });
}
