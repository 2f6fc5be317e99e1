// Numbers as people read them. Pure.
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** "1,234" */
export function count(number: number, locale: string): string {
  return number.toLocaleString(locale);
}

/** "340 bytes", "12.4 MB": three figures are enough. */
export function bytes(size: number, locale: string): string {
  let unit = 0;
  let rest = size;
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || rest >= 99.95 ? 0 : 1;
  return `${rest.toLocaleString(locale, { maximumFractionDigits: digits })} ${UNITS[unit] ?? ''}`;
}

/** A whole number that somebody typed, null for none; undefined where it is not one. */
export function readLimit(text: string): number | null | undefined {
  const bare = text.replaceAll(/[\s,.'’_]/g, '');
  if (text.trim() === '') return null;
  const number = Number(bare);
  return /^\d+$/.test(bare) && Number.isSafeInteger(number) ? number : undefined;
}
