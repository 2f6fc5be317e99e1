import { describe, expect, it } from 'vitest';

import { duration } from './formats';
import { translator, type SharedWords } from './i18n';
import { errorWords, waitWords } from './refusals';

const t = translator.say.bind(translator, 'en', ['shared']) as SharedWords;

describe('duration', () => {
  it('rounds up to the next whole unit', () => {
    expect(duration(0, 'en')).toBe('1 second');
    expect(duration(59.2, 'en')).toBe('60 seconds');
    expect(duration(61, 'en')).toBe('2 minutes');
    expect(duration(900, 'en')).toBe('15 minutes');
    expect(duration(3601, 'en')).toBe('2 hours');
  });
});

describe('waitWords', () => {
  it('says why and how long', () => {
    expect(waitWords(t, { code: 'ACCOUNT_LOCKED', retryAfter: 880 })).toBe(
      'Too many wrong passwords were tried for this name. Try again in 15 minutes.',
    );
    expect(waitWords(t, { code: 'RATE_LIMITED', retryAfter: null })).toBe('That was too often in a short time. Try again a little later.');
  });

  it('has nothing to say about what does not pass by waiting', () => {
    expect(waitWords(t, { code: 'INVALID_CREDENTIALS', retryAfter: null })).toBeNull();
  });
});

describe('errorWords', () => {
  it('has words for each code it knows, and leaves the rest to the server', () => {
    expect(errorWords(t, { code: 'LAST_ADMIN', message: 'Other.' })).toBe('There must be an active admin left.');
    expect(errorWords(t, { code: 'NEWER_CODE' as 'LAST_ADMIN', message: 'A newer server said this.' })).toBe('A newer server said this.');
  });
});
