// What is said of a refusal, whichever feature it met.
import type { ApiError } from '../api/errors';
import { isErrorCode, type SharedWords } from './i18n';
import { en } from './words/en';

/** The page's words, else the server's: it may be newer than the page. */
export function errorWords(t: SharedWords, { code, message }: Pick<ApiError, 'code' | 'message'>): string {
  return isErrorCode(code) ? t(`errors.${code}`) : message;
}

/** Why, and how long to wait. Null for a refusal that does not pass by waiting. */
export function waitWords(t: SharedWords, { code, retryAfter }: Pick<ApiError, 'code' | 'retryAfter'>): string | null {
  if (!passesByWaiting(code)) return null;
  const why = t(`waits.${code}`);
  return retryAfter === null ? t('waitLater', { why }) : t('waitFor', { why, seconds: retryAfter });
}

function passesByWaiting(code: string): code is keyof typeof en.waits {
  return Object.hasOwn(en.waits, code);
}
