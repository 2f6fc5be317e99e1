import { describe, expect, it } from 'vitest';

import { submissionHeard, submissionKey } from './submission';

describe('submissionKey', () => {
  it('stays the same until the words have arrived', () => {
    const key = submissionKey('/chat/stream', { message: 'a' });
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(submissionKey('/chat/stream', { message: 'a' })).toBe(key);
    submissionHeard();
    expect(submissionKey('/chat/stream', { message: 'a' })).not.toBe(key);
  });

  it('differs for other words and another address', () => {
    const key = submissionKey('/chat/stream', { message: 'a' });
    expect(submissionKey('/chat/stream', { message: 'b' })).not.toBe(key);
    const again = submissionKey('/chat/stream', { message: 'a' });
    expect(submissionKey('/chat/retry', { message: 'a' })).not.toBe(again);
  });
});
