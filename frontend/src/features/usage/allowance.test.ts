import { describe, expect, it } from 'vitest';

import { leftWords, nearestEnd, untilReset, usedWords, type Usage } from './allowance';
import { words as t } from './words/use-words';

const RESETS = '2026-11-24T00:00:00Z';
const NOON = Date.parse('2026-11-23T12:00:00Z');
const NEXT_DAY = Date.parse('2026-11-24T00:00:00Z');

type Counted = [used: number, limit: number | null];

function one([used, limit]: Counted): Usage['messages'] {
  return { used, limit, resets_at: RESETS };
}

function usage(messages: Counted, tokens: Counted): Usage {
  return { day: '2026-11-23', messages: one(messages), tokens: one(tokens) };
}

describe('nearestEnd', () => {
  it('is quiet while there is plenty or no limit', () => {
    expect(nearestEnd(usage([159, 200], [0, 1000]), NOON)).toBeNull();
    expect(nearestEnd(usage([9999, null], [9999, null]), NOON)).toBeNull();
  });

  it('speaks of what ends first', () => {
    expect(nearestEnd(usage([160, 200], [990, 1000]), NOON)).toMatchObject({ what: 'tokens', left: 10 });
    expect(nearestEnd(usage([200, 200], [900, 1000]), NOON)).toMatchObject({ what: 'messages', left: 0 });
    expect(nearestEnd(usage([0, 0], [0, null]), NOON)).toMatchObject({ what: 'messages', left: 0 });
  });

  it('never tells of less than nothing', () => {
    expect(nearestEnd(usage([0, 10], [1200, 1000]), NOON)?.left).toBe(0);
  });
});

describe('the next day', () => {
  it('leaves what was used of the last one behind', () => {
    expect(nearestEnd(usage([200, 200], [0, null]), NEXT_DAY - 1)).not.toBeNull();
    expect(nearestEnd(usage([200, 200], [0, null]), NEXT_DAY)).toBeNull();
  });

  it('is when the figures are asked for again, and not every moment if the clocks differ', () => {
    expect(untilReset(usage([0, 1], [0, 1]), NOON)).toBe(NEXT_DAY - NOON);
    expect(untilReset(usage([0, 1], [0, 1]), NEXT_DAY + 5000)).toBe(60_000);
  });
});

describe('words', () => {
  it('count', () => {
    expect(leftWords(t, { what: 'messages', left: 1 })).toBe('1 message left today');
    expect(leftWords(t, { what: 'tokens', left: 0 })).toBe('No tokens left today');
    expect(usedWords(t, { used: 3, limit: null })).toBe('3, without a limit');
    expect(usedWords(t, { used: 3, limit: 200 })).toBe('3 of 200');
  });
});
