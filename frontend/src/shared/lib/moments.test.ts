import { describe, expect, it } from 'vitest';

import { fromNow, isJustNow } from './moments';

const NOW = Date.parse('2026-11-23T12:00:00Z');

describe('moments', () => {
  it('tells how long something lasts', () => {
    expect(fromNow('2026-11-23T12:05:00Z', NOW, 'en')).toBe('in 5 minutes');
    expect(fromNow('2026-11-23T17:00:00Z', NOW, 'en')).toBe('in 5 hours');
    expect(fromNow('2026-11-26T12:00:00Z', NOW, 'en')).toBe('in 3 days');
  });

  it('tells when something was, never in the future', () => {
    expect(fromNow('2026-11-23T11:55:00Z', NOW, 'en')).toBe('5 minutes ago');
    expect(fromNow('2026-11-23T11:55:00Z', NOW, 'es')).toBe('hace 5 minutos');
    expect(isJustNow('2026-11-23T11:55:00Z', NOW)).toBe(false);
    expect(isJustNow('2026-11-23T11:59:30Z', NOW)).toBe(true);
    expect(isJustNow('2026-11-23T12:00:40Z', NOW)).toBe(true);
  });
});
