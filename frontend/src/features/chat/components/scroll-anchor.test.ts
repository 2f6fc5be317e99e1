import { describe, expect, it } from 'vitest';

import { placeAfterScroll } from './scroll-anchor';

describe('placeAfterScroll', () => {
  const pinned = { pinned: true, expected: 500 };

  it('takes an expected position for its own', () => {
    expect(placeAfterScroll(pinned, 500, 0)).toBe(pinned);
    expect(placeAfterScroll(pinned, 499.4, 0)).toBe(pinned);
  });

  it('lets go at an upward move of more than three pixels, however slow', () => {
    const slow = placeAfterScroll(pinned, 498, 2);
    expect(slow.pinned).toBe(true);
    expect(placeAfterScroll(slow, 496, 4)).toEqual({ pinned: false, expected: 496 });
  });

  it('takes hold again within sixty pixels of the end', () => {
    const free = { pinned: false, expected: 100 };
    expect(placeAfterScroll(free, 430, 70).pinned).toBe(false);
    expect(placeAfterScroll(free, 445, 55).pinned).toBe(true);
  });

  it('stays when the content shrank below the view', () => {
    expect(placeAfterScroll(pinned, 300, 0)).toEqual({ pinned: true, expected: 300 });
  });
});
