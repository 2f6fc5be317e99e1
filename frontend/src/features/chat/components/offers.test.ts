import { describe, expect, it } from 'vitest';

import { answersTo, typedAt } from './offers';

/** `|` stands for the caret. */
const at = (marked: string) => typedAt(marked.replace('|', ''), marked.indexOf('|'));

describe('typedAt', () => {
  it.each([
    ['/|', { sign: '/', words: '', from: 0, to: 1 }],
    ['/weekly rep|ort', { sign: '/', words: 'weekly rep', from: 0, to: 11 }],
    ['@|', { sign: '@', words: '', from: 0, to: 1 }],
    ['ask @qwen|', { sign: '@', words: 'qwen', from: 4, to: 9 }],
    ['one\n@q|', { sign: '@', words: 'q', from: 4, to: 6 }],
  ])('%s is a wish', (marked, typed) => expect(at(marked)).toEqual(typed));

  it.each(['|', '|/', 'a /|', '/usr/bin|', '/a\nb|', 'me@home|', '@a b|', '@ |', `/${'a'.repeat(41)}|`])('%s is text', (marked) =>
    expect(at(marked)).toBeNull(),
  );
});

describe('answersTo', () => {
  it('takes each word wherever it stands', () => {
    expect(answersTo('Weekly report', 'rep WEEK')).toBe(true);
    expect(answersTo('Weekly report', '')).toBe(true);
    expect(answersTo('Weekly report', 'week month')).toBe(false);
  });
});
