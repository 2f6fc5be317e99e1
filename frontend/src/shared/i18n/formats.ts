// Times in the words of a locale. Pure.

/** "20 seconds", "2 minutes": rounded up, so that a try after it is not too early. */
export function duration(seconds: number, locale: string | undefined): string {
  if (seconds < 60) return unit(Math.max(1, Math.ceil(seconds)), 'second', locale);
  if (seconds < 3600) return unit(Math.ceil(seconds / 60), 'minute', locale);
  return unit(Math.ceil(seconds / 3600), 'hour', locale);
}

function unit(count: number, name: 'second' | 'minute' | 'hour', locale: string | undefined): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(count);
}

/** "14:05", and with its date when that is not today. */
export function clockTime(iso: string, now: Date, locale: string): string {
  const date = new Date(iso);
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  if (date.toDateString() === now.toDateString()) return date.toLocaleTimeString(locale, time);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return date.toLocaleString(locale, { ...time, day: 'numeric', month: 'short', ...year });
}
