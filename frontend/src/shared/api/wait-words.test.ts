import { describe, expect, it } from 'vitest';

import { duration, waitWords } from './wait-words';

describe('duration', () => {
  it('rounds up to the next whole unit', () => {
    expect(duration(0)).toBe('1 second');
    expect(duration(59.2)).toBe('60 seconds');
    expect(duration(61)).toBe('2 minutes');
    expect(duration(900)).toBe('15 minutes');
    expect(duration(3601)).toBe('2 hours');
  });
});

describe('waitWords', () => {
  it('says why and how long', () => {
    expect(waitWords({ code: 'ACCOUNT_LOCKED', retryAfter: 880 })).toBe(
      'Too many wrong passwords were tried for this name. Try again in 15 minutes.',
    );
    expect(waitWords({ code: 'RATE_LIMITED', retryAfter: null })).toBe('That was too often in a short time. Try again a little later.');
  });

  it('has nothing to say about what does not pass by waiting', () => {
    expect(waitWords({ code: 'INVALID_CREDENTIALS', retryAfter: null })).toBeNull();
  });
});
