import { describe, expect, it } from 'vitest';

import { dayCount, daysOf, isDay, lastDays, spanProblem } from './usage-span';
import { words as t } from './words/use-words';

const LATE = Date.parse('2026-03-01T23:59:00Z');

describe('lastDays', () => {
  it('ends today in UTC and counts both ends', () => {
    const span = lastDays(3, LATE);
    expect(span).toEqual({ from: '2026-02-27', to: '2026-03-01' });
    expect(daysOf(span)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(dayCount(span)).toBe(3);
  });
});

describe('isDay', () => {
  it.each(['2026-02-28', '2024-02-29'])('knows %s', (text) => expect(isDay(text)).toBe(true));
  it.each([null, '', '2026-02-30', '2026-2-3', '23.11.2026', '2026-13-01', 'x2026-01-01'])('refuses %j', (text) =>
    expect(isDay(text)).toBe(false),
  );
});

describe('spanProblem', () => {
  it('says what is wrong, and nothing of what is right', () => {
    expect(spanProblem(t, { from: '2026-01-01', to: '2026-01-01' })).toBeNull();
    expect(spanProblem(t, { from: '2025-01-01', to: '2026-01-01' })).toBeNull();
    expect(spanProblem(t, { from: '2025-01-01', to: '2026-01-02' })).toBe('At most 366 days.');
    expect(spanProblem(t, { from: '2026-01-02', to: '2026-01-01' })).toBe('The first day lies after the last.');
  });
});
