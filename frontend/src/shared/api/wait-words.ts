// How long to wait after a refusal that names a time, in words. Pure.
import type { ApiError, ApiErrorCode } from './errors';

const WHY: Partial<Record<ApiErrorCode, string>> = {
  ACCOUNT_LOCKED: 'Too many wrong passwords were tried for this name.',
  OVERLOADED: 'The server has too much to do at the moment.',
  QUOTA_EXCEEDED: 'Your allowance for today is used up.',
  RATE_LIMITED: 'That was too often in a short time.',
};

/** Null for a refusal that does not pass by waiting. */
export function waitWords({ code, retryAfter }: Pick<ApiError, 'code' | 'retryAfter'>): string | null {
  const why = WHY[code];
  if (why === undefined) return null;
  return retryAfter === null ? `${why} Try again a little later.` : `${why} Try again in ${duration(retryAfter)}.`;
}

/** Rounded up, so that a try after it is not too early. */
export function duration(seconds: number): string {
  if (seconds < 60) return counted(Math.max(1, Math.ceil(seconds)), 'second');
  if (seconds < 3600) return counted(Math.ceil(seconds / 60), 'minute');
  return counted(Math.ceil(seconds / 3600), 'hour');
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
