import { beforeEach, describe, expect, it } from 'vitest';

import { loadActivity, noteRead, noteRunning, QUIET, saveActivity } from './activity';

describe('activity', () => {
  beforeEach(() => localStorage.clear());

  it('marks what ended while another conversation was open', () => {
    const running = noteRunning(QUIET, ['a', 'b'], 'b');
    expect(noteRunning(running, [], 'b')).toEqual({ running: [], unread: ['a'] });
  });

  it('marks nothing that is open, nor what runs again', () => {
    const unread = { running: [], unread: ['a', 'b'] };
    expect(noteRunning(unread, ['a'], 'b')).toEqual({ running: ['a'], unread: [] });
  });

  it('forgets the mark when the conversation is opened', () => {
    expect(noteRead({ running: [], unread: ['a', 'b'] }, 'a').unread).toEqual(['b']);
  });

  it('stays the same object while nothing changes', () => {
    const one = { running: ['a'], unread: ['b'] };
    expect(noteRunning(one, ['a'], null)).toBe(one);
    expect(noteRead(one, 'c')).toBe(one);
  });

  it('outlives the page, and is each person’s own', () => {
    saveActivity('ann', { running: ['a'], unread: ['b'] });
    expect(loadActivity('ann')).toEqual({ running: ['a'], unread: ['b'] });
    expect(loadActivity('bob')).toEqual(QUIET);
    localStorage.setItem('omniai:activity:ann', '{"running":1,"unread":[]}');
    expect(loadActivity('ann')).toEqual(QUIET);
  });
});
