// The sidebar's list: pages as one scrolls, under dates. Knows neither the chat nor the frame around it.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { useLocale } from '../../../shared/i18n/i18n';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Button } from '../../../shared/ui/button';
import { Skeleton } from '../../../shared/ui/skeleton';
import { groupByDate } from '../date-groups';
import { conversationsQuery, type Conversation } from '../queries';
import { useWords } from '../words/use-words';
import { ConversationRow } from './conversation-row';
import { DeleteDialog } from './delete-dialog';

export type ConversationListProps = {
  currentId: string | null;
  /** A row was followed: a drawer may close. */
  onFollow(): void;
  onRenamed(id: string): void;
  onDeleted(id: string): void;
};

const WIDTHS = ['w-4/5', 'w-3/5', 'w-11/12', 'w-1/2', 'w-3/4', 'w-2/3'] as const;

export function ConversationList({ currentId, onFollow, onRenamed, onDeleted }: ConversationListProps) {
  const t = useWords();
  const locale = useLocale();
  const { data, isPending, isError, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(conversationsQuery);
  const now = useNow(MINUTE);
  const [deleting, setDeleting] = useState<Conversation | null>(null);
  if (isPending) return <ListSkeleton />;
  if (isError && data === undefined) return <Failed onRetry={() => void refetch()} />;
  const items = unique(data.pages.flatMap((page) => page.items));
  if (items.length === 0) return <p className="px-5 py-3 text-muted">{t('list.empty')}</p>;
  return (
    <>
      {groupByDate(t, items, new Date(now), locale).map(({ label, items: members }) => (
        <section key={label} aria-label={label} className="px-2 pb-3">
          <h2 className="px-3 py-1.5 text-meta text-muted">{label}</h2>
          <ul>
            {members.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                current={conversation.id === currentId}
                onFollow={onFollow}
                onRenamed={() => onRenamed(conversation.id)}
                onDelete={() => setDeleting(conversation)}
              />
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage && <More key={data.pages.length} busy={isFetchingNextPage} onSeen={() => void fetchNextPage()} />}
      <DeleteDialog conversation={deleting} onClose={() => setDeleting(null)} onDeleted={onDeleted} />
    </>
  );
}

/** A conversation that moved up between two pages would stand in both. */
function unique(items: readonly Conversation[]): Conversation[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/** Asks for the next page when it comes into sight. */
function More({ busy, onSeen }: { busy: boolean; onSeen(): void }) {
  const t = useWords();
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(onSeen);
  useEffect(() => {
    latest.current = onSeen;
  });
  useEffect(() => {
    if (place.current === null) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), { rootMargin: '400px' });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} className="px-3 pb-4">
      <Button weight="plain" className="w-full font-normal text-muted" busy={busy} onClick={onSeen}>
        {t(busy ? 'list.loadingOlder' : 'list.older')}
      </Button>
    </div>
  );
}

function ListSkeleton() {
  const t = useWords();
  return (
    <div className="grid gap-4 px-5 py-3" role="status" aria-label={t('list.loading')}>
      {WIDTHS.map((width) => (
        <Skeleton key={width} className={`h-4 ${width}`} />
      ))}
    </div>
  );
}

function Failed({ onRetry }: { onRetry(): void }) {
  const t = useWords();
  return (
    <div className="grid justify-items-start gap-2 px-5 py-3 text-muted">
      <p>{t('list.failed')}</p>
      <Button onClick={onRetry}>{t('shared:tryAgain')}</Button>
    </div>
  );
}
