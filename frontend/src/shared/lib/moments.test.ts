import { describe, expect, it } from 'vitest';

import { ago, fromNow } from './moments';

const NOW = Date.parse('2026-11-23T12:00:00Z');

describe('moments', () => {
  it('tells how long something lasts', () => {
    expect(fromNow('2026-11-23T12:05:00Z', NOW)).toBe('in 5 minutes');
    expect(fromNow('2026-11-23T17:00:00Z', NOW)).toBe('in 5 hours');
    expect(fromNow('2026-11-26T12:00:00Z', NOW)).toBe('in 3 days');
  });

  it('tells when something was, never in the future', () => {
    expect(ago('2026-11-23T11:55:00Z', NOW)).toBe('5 minutes ago');
    expect(ago('2026-11-23T11:59:30Z', NOW)).toBe('just now');
    expect(ago('2026-11-23T12:00:40Z', NOW)).toBe('just now');
  });
});
