// What is being answered, and what was answered while the person was elsewhere; kept in the browser for the next visit.
import { readStored, store } from '../../shared/lib/storage';

export type Activity = { running: readonly string[]; unread: readonly string[] };

export const QUIET: Activity = { running: [], unread: [] };
const MOST_UNREAD = 200;

/** `running`: the conversations that are being answered now. What is open in front of the person is never unread. */
export function noteRunning(before: Activity, running: readonly string[], openId: string | null): Activity {
  const ended = before.running.filter((id) => !running.includes(id));
  const unread = [...new Set([...before.unread, ...ended])].filter((id) => id !== openId && !running.includes(id));
  const same = isSame(before.running, running) && isSame(before.unread, unread);
  return same ? before : { running, unread: unread.slice(-MOST_UNREAD) };
}

export function noteRead(before: Activity, openId: string | null): Activity {
  return openId !== null && before.unread.includes(openId) ? { ...before, unread: before.unread.filter((id) => id !== openId) } : before;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, place) => id === other[place]);
}

export function loadActivity(owner: string): Activity {
  try {
    const stored: unknown = JSON.parse(readStored(keyOf(owner)) ?? 'null');
    return isActivity(stored) ? stored : QUIET;
  } catch {
    return QUIET;
  }
}

export function saveActivity(owner: string, activity: Activity): void {
  const quiet = activity.running.length === 0 && activity.unread.length === 0;
  store(keyOf(owner), quiet ? null : JSON.stringify(activity));
}

function keyOf(owner: string): string {
  return `omniai:activity:${owner}`;
}

function isActivity(stored: unknown): stored is Activity {
  if (typeof stored !== 'object' || stored === null || !('running' in stored) || !('unread' in stored)) return false;
  return [stored.running, stored.unread].every((ids) => Array.isArray(ids) && ids.every((id) => typeof id === 'string'));
}
