// When somebody came and was last seen, in words. Pure.
import { fromNow } from '../../shared/lib/moments';
import { MINUTE } from '../../shared/lib/use-now';
import type { Person } from './queries';

/** The server notes an active person's presence about once a minute. */
const HERE_MS = 3 * MINUTE;

export function lastHere({ last_seen_at: at }: Person, now: number): string {
  if (at === null) return 'never signed in';
  return now - Date.parse(at) < HERE_MS ? 'here now' : `last here ${fromNow(at, now, 'en')}`;
}

/** "joined 23 Nov 2026" */
export function joined({ created_at: at }: Person): string {
  return `joined ${new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' })}`;
}
