import { describe, expect, it } from 'vitest';

import { belongs, filterOf, itemsOf, PINNED, withHead, without, withPlaced, type Conversation, type Page, type Pages } from './lists';

function conversation(at: number, more: Partial<Conversation> = {}): Conversation {
  const moment = new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString();
  return {
    id: `c${at}`,
    title: `Talk ${at}`,
    pinned: false,
    archived: false,
    project_id: null,
    provider: null,
    model: null,
    current_leaf_id: null,
    message_count: 2,
    created_at: moment,
    updated_at: moment,
    last_message_at: moment,
    active_generation_id: null,
    temporary: false,
    ...more,
  };
}

const page = (next: string | null, ...times: number[]): Page => ({ items: times.map((at) => conversation(at)), next_cursor: next });
const pages = (...all: Page[]): Pages => ({ pages: all, pageParams: all.map((_, place) => (place === 0 ? null : `p${place}`)) });
const ids = (list: Pages): string[] => itemsOf(list).map(({ id }) => id);

describe('what a list holds', () => {
  it('parts the pinned, the others and the archive', () => {
    const pinned = conversation(1, { pinned: true });
    expect([belongs(PINNED, pinned), belongs(filterOf(false, ''), pinned)]).toEqual([true, false]);
    expect(belongs(filterOf(true, ''), conversation(1, { archived: true, pinned: true }))).toBe(true);
  });

  it('finds pinned ones too when it is searched', () => {
    expect(belongs(filterOf(false, 'tALK'), conversation(1, { pinned: true }))).toBe(true);
    expect(belongs(filterOf(false, 'other'), conversation(1))).toBe(false);
  });
});

describe('placing', () => {
  const list = pages(page('a', 9, 7), page('b', 5, 3));

  it('puts a conversation among its neighbours', () => {
    expect(ids(withPlaced(list, conversation(6)))).toEqual(['c9', 'c7', 'c6', 'c5', 'c3']);
    expect(ids(withPlaced(list, conversation(8)))).toEqual(['c9', 'c8', 'c7', 'c5', 'c3']);
  });

  it('moves one that is there already', () => {
    const moved = { ...conversation(10), id: 'c3' };
    expect(ids(withPlaced(list, moved))).toEqual(['c3', 'c9', 'c7', 'c5']);
  });

  it('leaves out what lies beyond what was read, and appends where everything was', () => {
    expect(ids(withPlaced(list, conversation(1)))).toEqual(['c9', 'c7', 'c5', 'c3']);
    expect(ids(withPlaced(pages(page(null, 5)), conversation(1)))).toEqual(['c5', 'c1']);
    expect(ids(withPlaced(pages(page(null)), conversation(1)))).toEqual(['c1']);
  });

  it('takes away', () => {
    expect(ids(without(list, new Set(['c7', 'c3'])))).toEqual(['c9', 'c5']);
  });
});

describe('the newest page over older ones', () => {
  const list = pages(page('a', 9, 8, 7), page('b', 6, 5));

  it('shows what is new and keeps what is older', () => {
    expect(ids(withHead(list, page('x', 11, 10, 9)))).toEqual(['c11', 'c10', 'c9', 'c8', 'c7', 'c6', 'c5']);
  });

  it('drops what is no longer there', () => {
    expect(ids(withHead(list, page('x', 9, 7, 6)))).toEqual(['c9', 'c7', 'c6', 'c5']);
  });

  it('takes a conversation that moved up from its old place', () => {
    const head = { items: [{ ...conversation(12), id: 'c5' }, conversation(9), conversation(8)], next_cursor: 'x' };
    expect(ids(withHead(list, head))).toEqual(['c5', 'c9', 'c8', 'c7', 'c6']);
  });

  it('begins anew where something may be missing in between', () => {
    const merged = withHead(list, page('x', 20, 19));
    expect(ids(merged)).toEqual(['c20', 'c19']);
    expect(merged.pages.at(-1)?.next_cursor).toBe('x');
  });

  it('goes on reading behind the right one', () => {
    expect(withHead(pages(page('a', 9, 8)), page('x', 10, 9)).pages.at(-1)?.next_cursor).toBe('a');
    expect(withHead(pages(page('a', 9, 8)), page('x', 9, 8)).pages.at(-1)?.next_cursor).toBe('x');
    expect(withHead(pages(page(null, 9, 8)), page('x', 10, 9)).pages.at(-1)?.next_cursor).toBeNull();
    expect(ids(withHead(list, page(null, 9)))).toEqual(['c9']);
  });
});
