import { describe, expect, it } from 'vitest';

import { ApiError } from '../../shared/api/errors';
import { troubleOf } from './stream/trouble';
import { clockTime, keptAfterParting, keptAfterRefusal, seconds, storedTrouble, tokens } from './words';

describe('words', () => {
  it('says what was kept, and does not claim what nobody knows', () => {
    expect(keptAfterRefusal('ask', 'PROVIDER_UNREACHABLE')).toBe('Nothing was sent. Your question is back in the box.');
    expect(keptAfterRefusal('ask', 'BACKEND_AWAY')).toBe('Your question is back in the box.');
    expect(keptAfterRefusal('retry', 'PROVIDER_UNREACHABLE')).toBe('The conversation stands as it was.');
    expect(keptAfterParting('SESSION_EXPIRED')).toBe('The answer goes on at home.');
    expect(keptAfterParting('CONVERSATION_NOT_FOUND')).toBeNull();
  });

  it('has a sentence for a stored code that it does not know', () => {
    expect(storedTrouble('SOMETHING_NEW').message).toBe('The answer failed.');
  });

  it('writes counts and times plainly', () => {
    expect(seconds(59)).toBe('59 s');
    expect(seconds(75)).toBe('1 min 15 s');
    expect(tokens(1, false)).toBe('1 token');
    expect(tokens(12, true)).toBe('about 12 tokens');
    const now = new Date(2026, 0, 2, 12, 0);
    expect(clockTime(new Date(2026, 0, 2, 9, 30).toISOString(), now)).not.toContain(',');
    expect(clockTime(new Date(2026, 0, 1, 9, 30).toISOString(), now)).toContain(',');
    expect(clockTime(new Date(2025, 0, 1, 9, 30).toISOString(), now)).toContain('2025');
  });
});

describe('troubleOf', () => {
  it('says what is wrong with the question', () => {
    const fields = [{ field: 'message.content', problem: 'must have at most 9 characters' }];
    const error = new ApiError({ code: 'VALIDATION_ERROR', message: 'Some fields are not as expected.', status: 422, fields });
    expect(troubleOf(error, 0).message).toBe('The question must have at most 9 characters.');
  });

  it('knows when trying again makes sense', () => {
    const error = new ApiError({ code: 'PROVIDER_BUSY', message: 'Busy.', status: 503, retryAfter: 7 });
    expect(troubleOf(error, 1000)).toMatchObject({ code: 'PROVIDER_BUSY', retryAt: 8000 });
    expect(troubleOf(new TypeError('network error'), 1000)).toMatchObject({ code: 'BACKEND_AWAY', retryAt: null });
  });
});
