// Moments in words, in a locale's language and the reader's time. Pure.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "in 3 days", "in 5 hours": how long something lasts from now. */
export function fromNow(iso: string, now: number, locale: string): string {
  const left = Date.parse(iso) - now;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  if (Math.abs(left) >= 2 * DAY) return words.format(Math.round(left / DAY), 'day');
  if (Math.abs(left) >= 2 * HOUR) return words.format(Math.round(left / HOUR), 'hour');
  return words.format(Math.round(left / MINUTE), 'minute');
}

/** Too lately to count the minutes. The server's clock, or a present rounded down, may put it a little ahead. */
export function isJustNow(iso: string, now: number): boolean {
  return now - Date.parse(iso) < MINUTE;
}

/** "Tuesday, 24 November, 14:05" */
export function dayAndTime(iso: string, locale: string): string {
  return new Date(iso).toLocaleString(locale, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
}
