// What the chat says to a person about states and troubles. Pure; the facts in it come from the server.
import { duration } from '../../shared/api/wait-words';
import { isUnderWay, type Place, type Turn } from './stream/reduce-turn';
import { needsSignIn, type Trouble } from './stream/trouble';

const STORED_TROUBLES: Record<string, string> = {
  PROVIDER_ERROR: 'The model server answered with an error.',
  PROVIDER_INTERRUPTED: 'The model server broke off in the middle of the answer.',
  PROVIDER_UNREACHABLE: 'The model server could not be reached.',
  PROVIDER_BUSY: 'The model server was busy.',
  PROVIDER_TIMEOUT: 'The model server did not answer in time.',
  MODEL_NOT_FOUND: 'The model was not there.',
  CONTEXT_TOO_LONG: 'The conversation did not fit the model’s context.',
  STORAGE_FULL: 'The disk of the server was full.',
};

const NEXT_STEPS: Record<string, string> = {
  BACKEND_AWAY: 'Check that this device is online and that OmniAI runs at home.',
  PROVIDER_UNREACHABLE: 'Check that the model server at home is started.',
  PROVIDER_TIMEOUT: 'The model may still be loading. Try again, or choose another model.',
  PROVIDER_INTERRUPTED: 'Try again, or choose another model.',
  PROVIDER_ERROR: 'Try again, or choose another model.',
  PROVIDER_BUSY: 'It answers others at the moment. Try again a little later.',
  MODEL_NOT_FOUND: 'Choose another model.',
  PROVIDER_NOT_FOUND: 'Choose another model.',
  NO_MODELS_AVAILABLE: 'Load a model on the machine at home.',
  GENERATION_IN_PROGRESS: 'Wait until it ends, or stop it.',
  CONTEXT_TOO_LONG: 'Shorten the question, or choose a model with a larger context.',
  PAYLOAD_TOO_LARGE: 'Shorten the question.',
  CONVERSATION_NOT_FOUND: 'Start a new conversation.',
  STORAGE_FULL: 'Tell the person who runs OmniAI.',
  UNREADABLE_STREAM: 'Reload the page.',
  QUOTA_EXCEEDED: 'The next allowance begins at midnight, UTC.',
  TOO_MANY_STREAMS: 'Wait until one of them ends, or stop one.',
  USER_INACTIVE: 'Ask the person who runs OmniAI.',
  CONVERSATION_FULL: 'Start a new conversation.',
  ANSWERS_FULL: 'Choose one of them, or ask in other words.',
  ANSWER_FOLLOWED: 'Ask for more in a new question.',
};

const NO_USE_IN_REPEATING = new Set([
  'CONTEXT_TOO_LONG',
  'PAYLOAD_TOO_LARGE',
  'CONVERSATION_NOT_FOUND',
  'USER_INACTIVE',
  'VALIDATION_ERROR',
  'UNREADABLE_STREAM',
  'CONFLICT',
  'CONVERSATION_FULL',
  'ANSWERS_FULL',
  'ANSWER_FOLLOWED',
]);

export function nextStep(code: string): string | null {
  return NEXT_STEPS[code] ?? null;
}

export function isWorthRepeating(code: string): boolean {
  return !NO_USE_IN_REPEATING.has(code);
}

/** A stored answer keeps the code of what went wrong; its sentence is said here. */
export function storedTrouble(code: string): Trouble {
  return { code, message: STORED_TROUBLES[code] ?? 'The answer failed.', requestId: null, retryAt: null };
}

/** What can be refused before it begins. */
export type Wish = 'ask' | 'retry' | 'continue' | 'branch';

/** The server has one code for several conflicts. What was wished for, and how many answers there are, tell them apart. */
export function toldApart(trouble: Trouble, wish: Wish, answers: number): Trouble {
  const { code, limit = null } = trouble;
  if (code !== 'CONFLICT') return trouble;
  if (wish === 'continue') {
    return { ...trouble, code: 'ANSWER_FOLLOWED', message: 'Something was said after this answer, so it cannot grow any more.' };
  }
  if (limit === null) return trouble;
  const most = limit.toLocaleString();
  if (wish === 'retry' && answers >= limit) {
    return { ...trouble, code: 'ANSWERS_FULL', message: `This question has ${most} answers, as many as one may have.` };
  }
  return { ...trouble, code: 'CONVERSATION_FULL', message: `This conversation is full: it holds at most ${most} messages.` };
}

/** What was kept when something was refused. */
export function keptAfterRefusal(wish: Wish, code: string): string {
  if (wish === 'continue') return 'The answer stands as it was.';
  if (wish !== 'ask') return 'The conversation stands as it was.';
  return isAmbiguous(code) ? 'Your question is back in the box.' : 'Nothing was sent. Your question is back in the box.';
}

/** What is so when the server lets a reader go from an answer. */
export function keptAfterParting(code: string): string | null {
  return needsSignIn(code) ? 'The answer goes on at home.' : null;
}

/** Nobody can tell whether the question arrived before the line broke. */
export function isAmbiguous(code: string): boolean {
  return code === 'BACKEND_AWAY' || code === 'TUNNEL_ANSWERED';
}

const FOR_A_SEAT = 'Waiting for a seat at the model.';

/** `late`: it takes longer than was thought. */
export function seatWords(place: Place | null, late: boolean): string {
  if (place === null) return FOR_A_SEAT;
  if (late) return `${FOR_A_SEAT} ${orderWords(place.ahead)}. It takes longer than usual.`;
  return `${FOR_A_SEAT} ${orderWords(place.ahead)}, about ${duration(place.estimateSeconds)}.`;
}

/** For those who hear it: without times, and without every step of a long queue. */
export function spokenSeatWords({ ahead }: Place): string {
  return `${FOR_A_SEAT} ${ahead > SAID_ONE_BY_ONE ? `More than ${SAID_ONE_BY_ONE} answers go first` : orderWords(ahead)}.`;
}

const SAID_ONE_BY_ONE = 3;

function orderWords(ahead: number): string {
  if (ahead === 0) return 'You are next';
  return ahead === 1 ? '1 answer goes first' : `${ahead.toLocaleString()} answers go first`;
}

/** What is worth knowing about the way an answer came. */
export function noteOf(turn: Turn): string | null {
  const { meta, connected, phase } = turn;
  if (!connected && phase === 'running') return 'The line was lost. The answer goes on at home and is being taken up again.';
  if (meta === null) return null;
  const notes = [fallbackWords(meta, isUnderWay(turn)), droppedWords(meta.context.dropped)];
  return notes.filter(Boolean).join(' ') || null;
}

function fallbackWords({ model, selection }: NonNullable<Turn['meta']>, answering: boolean): string | null {
  const { fallback_from: wish, reason } = selection;
  if (wish === null) return null;
  // The wish is `provider/model`, and the name of a model may have further strokes in it.
  const missed = wish.slice(wish.indexOf('/') + 1);
  return `${missed} was not available${reason ? `: ${reason}` : ''}. ${model} ${answering ? 'answers' : 'answered'}.`;
}

function droppedWords(dropped: number): string | null {
  if (dropped === 0) return null;
  return dropped === 1
    ? 'One older message did not fit the model’s context and was left out.'
    : `${dropped} older messages did not fit the model’s context and were left out.`;
}

export function seconds(count: number): string {
  if (count < 60) return `${count} s`;
  if (count < 3600) return `${Math.floor(count / 60)} min ${count % 60} s`;
  return `${Math.floor(count / 3600)} h ${Math.floor((count % 3600) / 60)} min`;
}

export function tokens(count: number, estimated: boolean): string {
  const words = `${count.toLocaleString()} ${count === 1 ? 'token' : 'tokens'}`;
  return estimated ? `about ${words}` : words;
}

/** The time of a message: with its date when that is not today. */
export function clockTime(iso: string, now: Date): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === now.toDateString()) return time;
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return `${date.toLocaleDateString([], { day: 'numeric', month: 'short', ...year })}, ${time}`;
}
