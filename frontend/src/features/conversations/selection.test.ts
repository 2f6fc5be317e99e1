import { describe, expect, it } from 'vitest';

import { kept, NOTHING, stretched, toggled } from './selection';

const ORDER = ['a', 'b', 'c', 'd', 'e'];
const chosen = ({ ids }: { ids: ReadonlySet<string> }): string[] => [...ids].toSorted();

describe('a selection', () => {
  it('takes one in and out', () => {
    const one = toggled(NOTHING, 'b');
    expect(chosen(one)).toEqual(['b']);
    expect(chosen(toggled(one, 'b'))).toEqual([]);
  });

  it('is stretched from where it was begun, in both directions', () => {
    const begun = toggled(NOTHING, 'c');
    expect(chosen(stretched(begun, 'e', ORDER, null))).toEqual(['c', 'd', 'e']);
    expect(chosen(stretched(stretched(begun, 'e', ORDER, null), 'a', ORDER, null))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is stretched from the present place when nothing was chosen', () => {
    expect(chosen(stretched(NOTHING, 'c', ORDER, 'b'))).toEqual(['b', 'c']);
    expect(chosen(stretched(NOTHING, 'c', ORDER, 'gone'))).toEqual(['c']);
  });

  it('loses what leaves the list', () => {
    expect(chosen(kept(stretched(NOTHING, 'c', ORDER, 'a'), ['a', 'c']))).toEqual(['a', 'c']);
  });
});
