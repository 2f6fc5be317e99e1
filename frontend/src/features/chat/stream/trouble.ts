// What went wrong with a turn, in one shape, whether a refusal, an event or the line said so. Knows no words for it.
import { ApiError, backendAway } from '../../../shared/api/errors';

export type Trouble = {
  code: string;
  /** The server's own sentence, for a code that the page does not know. */
  message: string | null;
  requestId: string | null;
  /** When trying again makes sense, in milliseconds on the page's clock. */
  retryAt: number | null;
  /** How many there may be of what there are enough of. */
  limit?: number | null;
  /** The question waits above the box, as it may have arrived before. */
  waits?: boolean;
  /** What is wrong with the question itself, in the server's words. */
  problem?: string;
};

export const UNREADABLE: Trouble = {
  code: 'UNREADABLE_STREAM',
  message: null,
  requestId: null,
  retryAt: null,
};

/** What is no refusal is a line that broke. */
export function troubleOf(error: unknown, at: number): Trouble {
  const told = error instanceof ApiError ? error : backendAway(error);
  const { code, message, requestId, retryAfter, limit } = told;
  const trouble = { code, message, requestId, retryAt: retryAtOf(retryAfter, at), limit };
  const problem = told.fields.find(({ field }) => field === 'message.content')?.problem;
  return problem === undefined ? trouble : { ...trouble, code: 'QUESTION_REFUSED', problem };
}

export function retryAtOf(seconds: number | null | undefined, at: number): number | null {
  return seconds ? at + seconds * 1000 : null;
}

/** Nobody is signed in any more. */
export function needsSignIn(code: string): boolean {
  return code === 'SESSION_EXPIRED' || code === 'AUTH_REQUIRED' || code === 'REFRESH_REUSED';
}
