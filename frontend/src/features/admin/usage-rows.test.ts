import { describe, expect, it } from 'vitest';

import type { UsageSum } from './queries';
import { dayColumns, usageRows, usageTotal } from './usage-rows';
import { words as t } from './words/use-words';

const sum = (facts: Partial<UsageSum>): UsageSum => ({
  day: null,
  user_id: null,
  provider: null,
  model: null,
  messages: 1,
  prompt_tokens: 10,
  completion_tokens: 5,
  ...facts,
});

describe('usageRows', () => {
  it('puts the newest day first', () => {
    const rows = usageRows(t, [sum({ day: '2026-11-22' }), sum({ day: '2026-11-23', messages: 4 })], 'day', new Map(), 'en');
    expect(rows.map((row) => row.key)).toEqual(['2026-11-23', '2026-11-22']);
    expect(rows[0]?.label).toContain('2026');
    expect(usageTotal(rows)).toEqual({ messages: 5, read: 20, written: 10 });
  });

  it('names people, the one who took most first, and says so where nobody has the name any more', () => {
    const sums = [sum({ user_id: 'a' }), sum({ user_id: 'gone', prompt_tokens: 99 }), sum({ user_id: 'b', prompt_tokens: 50 })];
    const names = new Map([
      ['a', 'Anna'],
      ['b', 'Ben'],
    ]);
    expect(usageRows(t, sums, 'user', names, 'en').map((row) => row.label)).toEqual(['Somebody who is not here any more', 'Ben', 'Anna']);
  });

  it('keeps models of the same name at two servers apart', () => {
    const rows = usageRows(t, [sum({ provider: 'x', model: 'm' }), sum({ provider: 'y', model: 'm' })], 'model', new Map(), 'en');
    expect(new Set(rows.map((row) => row.key)).size).toBe(2);
  });
});

describe('dayColumns', () => {
  it('leaves no day out', () => {
    const columns = dayColumns([sum({ day: '2026-11-22' })], { from: '2026-11-21', to: '2026-11-23' });
    expect(columns).toEqual([
      { day: '2026-11-21', tokens: 0 },
      { day: '2026-11-22', tokens: 15 },
      { day: '2026-11-23', tokens: 0 },
    ]);
  });
});
