import { describe, expect, it } from 'vitest';

import { groupByDate } from './date-groups';
import { words as t } from './words/use-words';

const NOW = new Date(2026, 10, 23, 14, 30);

function labels(...dates: Date[]): string[] {
  const items = dates.map((date) => ({ last_message_at: date.toISOString() }));
  return groupByDate(t, items, NOW, 'en').map(({ label, items: inside }) => `${label}: ${inside.length}`);
}

describe('groupByDate', () => {
  it('names the days near and the months far', () => {
    expect(
      labels(
        new Date(2026, 10, 23, 14, 29),
        new Date(2026, 10, 23, 0, 0),
        new Date(2026, 10, 22, 23, 59),
        new Date(2026, 10, 21, 12, 0),
        new Date(2026, 10, 16, 0, 0),
        new Date(2026, 10, 15, 23, 59),
        new Date(2026, 9, 24, 0, 0),
        new Date(2026, 9, 23, 23, 59),
        new Date(2026, 0, 1, 0, 0),
        new Date(2025, 11, 31, 23, 59),
      ),
    ).toEqual(['Today: 2', 'Yesterday: 1', 'Previous 7 days: 2', 'Previous 30 days: 2', 'October: 1', 'January: 1', 'December 2025: 1']);
  });

  it('keeps the order it was given', () => {
    const items = ['b', 'a'].map((id) => ({ id, last_message_at: NOW.toISOString() }));
    expect(groupByDate(t, items, NOW, 'en')[0]?.items.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('counts what seems to come from the future as today', () => {
    expect(labels(new Date(2026, 10, 24, 3, 0))).toEqual(['Today: 1']);
  });

  it('gives nothing for nothing', () => {
    expect(groupByDate(t, [], NOW, 'en')).toEqual([]);
  });
});
