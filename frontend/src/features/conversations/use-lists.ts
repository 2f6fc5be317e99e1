// What the sidebar shows, put together from the cache: the pinned above the others, or the archive, or what a search found.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { useLocale } from '../../shared/i18n/i18n';
import { MINUTE, useNow } from '../../shared/lib/use-now';
import { groupByDate } from './date-groups';
import { useHidden } from './deletions';
import { filterOf, itemsOf, PINNED, type Conversation, type Pages } from './lists';
import { listQuery } from './queries';
import { rowsOf, type Row } from './rows';
import { useWords } from './words/use-words';

export type Lists = {
  rows: readonly Row[];
  /** The conversations among the rows, in their order. */
  order: readonly string[];
  find(ids: Iterable<string>): Conversation[];
  state: 'pending' | 'failed' | 'there';
  more(): void;
  retry(): void;
};

export function useLists(archived: boolean, q: string): Lists {
  const main = useInfiniteQuery({
    ...listQuery(filterOf(archived, q)),
    // What was found before stays until something else is.
    placeholderData: (before, query) => (query?.queryKey[2].archived === archived ? before : undefined),
  });
  const parted = !archived && q === '';
  const pinned = useInfiniteQuery({ ...listQuery(PINNED), enabled: parted });
  const t = useWords();
  const locale = useLocale();
  const hidden = useHidden();
  const today = new Date(useNow(MINUTE)).toDateString();
  const whole = !main.hasNextPage;
  const rows = useMemo(() => {
    const shown = (pages: Pages | undefined) => itemsOf(pages).filter(({ id }) => !hidden.has(id));
    const top = parted ? shown(pinned.data) : [];
    const groups = groupByDate(t, shown(main.data), new Date(today), locale);
    return rowsOf(top.length > 0 ? [{ label: t('dates.pinned'), items: top }, ...groups] : groups, whole);
  }, [t, locale, parted, pinned.data, main.data, hidden, today, whole]);
  const byId = useMemo(() => new Map(rows.flatMap((row) => (row.kind === 'line' ? [[row.key, row.conversation] as const] : []))), [rows]);
  const order = useMemo(() => [...byId.keys()], [byId]);
  const find = (ids: Iterable<string>): Conversation[] => [...ids].flatMap((id) => byId.get(id) ?? []);
  // The pinned come first, so what is below them waits until they are there.
  const pending = main.isPending || (parted && pinned.isPending);
  const failed = main.data === undefined && main.isError;
  return {
    rows,
    order,
    find,
    state: failed ? 'failed' : pending ? 'pending' : 'there',
    more: () => {
      if (pinned.hasNextPage && parted && !pinned.isFetchingNextPage) void pinned.fetchNextPage();
      if (main.hasNextPage && !main.isFetchingNextPage) void main.fetchNextPage();
    },
    retry: () => void main.refetch(),
  };
}
