// What was deleted, last first: brought back, or gone for good.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { useLocale, useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { fromNow, isJustNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { useToast } from '../../../shared/ui/toast';
import { discard, emptyTrash, restore, trashKeys, trashQuery, type Trashed } from '../queries';
import { useWords } from '../words/use-words';

export type TrashListProps = {
  /** How long it lies here; 0 where there is no trash. */
  days: number;
  onRestored(): void;
  onOpen(id: string): void;
};

export function TrashList({ days, ...back }: TrashListProps) {
  const t = useWords();
  return (
    <section aria-label={t('trash.heading')} className="grid gap-3">
      <h3 className="font-strong">{t('trash.heading')}</h3>
      <p className="text-muted">{days === 0 ? t('trash.off') : t('trash.about', { count: days })}</p>
      {days > 0 && <Lines {...back} />}
    </section>
  );
}

type Back = Omit<TrashListProps, 'days'>;

function Lines(back: Back) {
  const t = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(trashQuery);
  if (error) return <Note act={<Button onClick={() => void refetch()}>{t('shared:tryAgain')}</Button>}>{t('unread')}</Note>;
  if (!data) return <Skeleton className="h-16 w-full" />;
  const all = data.pages.flatMap((page) => page.items);
  if (all.length === 0) return <p className="text-muted">{t('trash.none')}</p>;
  return (
    <>
      <ul className="grid divide-y divide-line">
        {all.map((trashed) => (
          <Line key={trashed.id} trashed={trashed} {...back} />
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('trash.more')}
          </Button>
        )}
        <EmptyTrash />
      </div>
    </>
  );
}

function Line({ trashed: { id, title, deleted_at: deletedAt, purge_at: purgeAt }, onRestored, onOpen }: LineProps) {
  const t = useWords();
  const shared = useSharedWords();
  const locale = useLocale();
  const now = useNow(MINUTE);
  const toast = useToast();
  const restoring = useAct(async () => {
    const back = await restore(id);
    toast({ text: t('trash.restored', { title }), action: { label: t('trash.open'), run: () => onOpen(back) } });
    onRestored();
  });
  const discarding = useAct(async () => {
    await discard(id);
    toast({ text: t('trash.discarded', { title }) });
  });
  const gone = fromNow(purgeAt, now, locale);
  const error = restoring.error ?? discarding.error;
  return (
    <li className="grid gap-2 py-3">
      <div className="grid gap-1">
        <p className="wrap-anywhere">{title}</p>
        <p className="text-meta text-muted">
          {isJustNow(deletedAt, now) ? t('trash.lineNow', { gone }) : t('trash.line', { deleted: fromNow(deletedAt, now, locale), gone })}
        </p>
        <div className="-ms-3.5 flex flex-wrap">
          <Button
            weight="plain"
            busy={restoring.busy}
            aria-label={t('trash.restoreOf', { title })}
            onClick={() => void restoring.submit(null)}
          >
            {t('trash.restore')}
          </Button>
          <Button
            weight="plain"
            busy={discarding.busy}
            aria-label={t('trash.discardOf', { title })}
            onClick={() => void discarding.submit(null)}
          >
            {t('trash.discard')}
          </Button>
        </div>
      </div>
      {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
    </li>
  );
}

type LineProps = Back & { trashed: Trashed };

function EmptyTrash() {
  const t = useWords();
  const shared = useSharedWords();
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const { busy, error, submit } = useAct(async () => {
    await emptyTrash();
    setOpen(false);
    toast({ text: t('trash.emptied') });
  });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('trash.empty')}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t('trash.sure')} description={t('trash.sureWords')}>
        {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
        <Actions>
          <Button onClick={() => setOpen(false)}>{t('trash.leave')}</Button>
          <Button weight="danger" busy={busy} onClick={() => void submit(null)}>
            {t('trash.discard')}
          </Button>
        </Actions>
      </Dialog>
    </>
  );
}

/** An act after which the trash is read again. */
function useAct(act: () => Promise<void>) {
  const queries = useQueryClient();
  return useSubmission<null>(async () => {
    await act();
    await queries.invalidateQueries({ queryKey: trashKeys.all });
  });
}
