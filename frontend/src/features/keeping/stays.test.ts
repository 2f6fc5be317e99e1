import { expect, test } from 'vitest';

import { wishesUnder } from './stays';

test('one may wish for less than the administrator has set', () => {
  expect(wishesUnder(null, null)).toEqual([7, 30, 90, 180, 365]);
  expect(wishesUnder(90, null)).toEqual([7, 30]);
});

test('what one wished for before stays a choice', () => {
  expect(wishesUnder(null, 45)).toEqual([7, 30, 45, 90, 180, 365]);
  expect(wishesUnder(30, 90)).toEqual([7, 90]);
});
