// What the chat says to a person about states and troubles. Pure; the facts in it come from the server.
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
};

const NO_USE_IN_REPEATING = new Set([
  'CONTEXT_TOO_LONG',
  'PAYLOAD_TOO_LARGE',
  'CONVERSATION_NOT_FOUND',
  'USER_INACTIVE',
  'VALIDATION_ERROR',
  'UNREADABLE_STREAM',
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

/** What was kept when a question, a retry or a change of branch was refused. */
export function keptAfterRefusal(what: 'ask' | 'retry' | 'branch', code: string): string {
  if (what !== 'ask') return 'The conversation stands as it was.';
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
