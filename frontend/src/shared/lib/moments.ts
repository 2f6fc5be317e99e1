// Moments in words, in the reader's language and time. Pure.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "in 3 days", "in 5 hours": how long something lasts from now. */
export function fromNow(iso: string, now: number): string {
  const left = Date.parse(iso) - now;
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
  if (Math.abs(left) >= 2 * DAY) return words.format(Math.round(left / DAY), 'day');
  if (Math.abs(left) >= 2 * HOUR) return words.format(Math.round(left / HOUR), 'hour');
  return words.format(Math.round(left / MINUTE), 'minute');
}

/** "3 hours ago": when something was. The server's clock, or a present rounded down, may put it a little ahead. */
export function ago(iso: string, now: number): string {
  return now - Date.parse(iso) < MINUTE ? 'just now' : fromNow(iso, now);
}

/** "Tuesday, 24 November, 14:05" */
export function dayAndTime(iso: string, locale?: string): string {
  return new Date(iso).toLocaleString(locale, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
}
