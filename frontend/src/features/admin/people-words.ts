// When somebody came and was last seen, in words. Pure.
import { fromNow } from '../../shared/lib/moments';
import { MINUTE } from '../../shared/lib/use-now';
import type { Person } from './queries';
import type { AdminWords } from './words/use-words';

/** The server notes an active person's presence about once a minute. */
const HERE_MS = 3 * MINUTE;

export function lastHere(t: AdminWords, { last_seen_at: at }: Person, now: number, locale: string): string {
  if (at === null) return t('people.neverHere');
  return now - Date.parse(at) < HERE_MS ? t('people.here') : t('people.lastHere', { when: fromNow(at, now, locale) });
}

/** "joined 23 Nov 2026" */
export function joined(t: AdminWords, { created_at: at }: Person, locale: string): string {
  return t('people.joined', { day: new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' }) });
}
