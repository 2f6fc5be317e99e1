import { describe, expect, it } from 'vitest';

import { bytes, readLimit } from './figures';

describe('readLimit', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['0', 0],
    [' 1 000 ', 1000],
    ['1,000,000', 1_000_000],
    ['1.000', 1000],
  ])('reads %j as %j', (text, limit) => expect(readLimit(text)).toBe(limit));

  it.each(['many', '-5', '1e3', '99999999999999999999', ','])('takes %j for no number', (text) => expect(readLimit(text)).toBeUndefined());
});

describe('bytes', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [12_400, '12.4 kB'],
    [999_600, '1 MB'],
    [123_456_789, '123 MB'],
    [5e15, '5,000 TB'],
  ])('says %d as %j', (size, words) => expect(bytes(size, 'en')).toBe(words));
});
