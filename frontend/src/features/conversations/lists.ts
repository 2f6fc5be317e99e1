// The lists as they lie in the cache, and how conversations enter, leave and change their place in them. Pure.
import type { InfiniteData } from '@tanstack/react-query';

import type { components } from '../../shared/api/generated/schema';

export type Conversation = components['schemas']['ConversationOut'];
export type Page = components['schemas']['Page_ConversationOut_'];
export type Pages = InfiniteData<Page, unknown>;

/** What a list holds; `pinned` null takes both kinds. */
export type Filter = { archived: boolean; pinned: boolean | null; q: string };

export const PINNED: Filter = { archived: false, pinned: true, q: '' };

/** The list below the pinned ones, the archive, or what a search finds in either. */
export function filterOf(archived: boolean, q: string): Filter {
  return { archived, pinned: archived || q !== '' ? null : false, q };
}

export function belongs({ archived, pinned, q }: Filter, conversation: Conversation): boolean {
  return (
    conversation.archived === archived &&
    (pinned === null || conversation.pinned === pinned) &&
    conversation.title.toLowerCase().includes(q.toLowerCase())
  );
}

/** A conversation that moved up between two pages stands in both. */
export function itemsOf(pages: Pages | undefined): Conversation[] {
  const items = pages?.pages.flatMap((page) => page.items) ?? [];
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

export function without(pages: Pages, ids: ReadonlySet<string>): Pages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.filter(({ id }) => !ids.has(id)) })) };
}

/** Puts a conversation in its place, unless that is beyond what has been read. */
export function withPlaced(pages: Pages, conversation: Conversation): Pages {
  const rest = without(pages, new Set([conversation.id]));
  const last = rest.pages.length - 1;
  const found = rest.pages.findIndex(({ items }) => items.some((item) => isNewer(conversation, item)));
  if (found === -1 && rest.pages[last]?.next_cursor !== null) return rest;
  const at = found === -1 ? last : found;
  const put = (page: Page): Page => {
    const before = page.items.filter((item) => isNewer(item, conversation));
    return { ...page, items: [...before, conversation, ...page.items.slice(before.length)] };
  };
  return { ...rest, pages: rest.pages.map((page, place) => (place === at ? put(page) : page)) };
}

/** The newest page, read again, over what was read before: thousands of older ones need not be read for one that moved up. */
export function withHead(pages: Pages, head: Page): Pages {
  const tail = head.items.at(-1);
  const newest = itemsOf(pages)[0];
  // Where the head does not reach down to what was known, something may be missing in between.
  const gap = tail === undefined || newest === undefined || isNewer(tail, newest);
  if (gap || head.next_cursor === null) return { pages: [head], pageParams: [null] };
  const fresh = new Set(head.items.map(({ id }) => id));
  const [first, ...others] = pages.pages.map((page) => ({
    ...page,
    items: page.items.filter((item) => !fresh.has(item.id) && isNewer(tail, item)),
  }));
  const left = first?.items ?? [];
  const cursor = left.length > 0 || others.length > 0 ? (first?.next_cursor ?? null) : head.next_cursor;
  return { ...pages, pages: [{ items: [...head.items, ...left], next_cursor: cursor }, ...others] };
}

/** The server's order: newest activity first, the larger id where two are equal. */
function isNewer(one: Conversation, other: Conversation): boolean {
  const [at, otherAt] = [Date.parse(one.last_message_at), Date.parse(other.last_message_at)];
  return at === otherAt ? one.id > other.id : at > otherAt;
}
