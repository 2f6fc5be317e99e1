// Everything that is remembered, newest first: searched, said otherwise, forgotten.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';

import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { TextField } from '../../../shared/ui/text-field';
import { useToast } from '../../../shared/ui/toast';
import { forgetEverything, memoriesQuery, memoryKeys } from '../queries';
import { useWords } from '../words/use-words';
import { MemoryLine } from './memory-line';

export function MemoryList() {
  const t = useWords();
  const [wanted, setWanted] = useState('');
  const q = useDeferredValue(wanted.trim());
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...memoriesQuery(q),
    placeholderData: (before) => before,
  });
  if (error) return <Note act={<Button onClick={() => void refetch()}>{t('shared:tryAgain')}</Button>}>{t('unread')}</Note>;
  if (!data) return <Skeleton className="h-24 w-full" />;
  const memories = data.pages.flatMap((page) => page.items);
  if (memories.length === 0 && q === '') return <p className="text-muted">{t('none')}</p>;
  return (
    <div className="grid gap-4">
      <TextField type="search" label={t('search')} maxLength={200} value={wanted} onChange={(event) => setWanted(event.target.value)} />
      {memories.length === 0 && <p className="text-muted">{t('nothingFound')}</p>}
      <ul className="grid divide-y divide-line">
        {memories.map((memory) => (
          <MemoryLine key={memory.id} memory={memory} />
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('more')}
          </Button>
        )}
        <ForgetAll />
      </div>
    </div>
  );
}

function ForgetAll() {
  const t = useWords();
  const shared = useSharedWords();
  const queries = useQueryClient();
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const { busy, error, submit } = useSubmission<null>(async () => {
    await forgetEverything();
    setOpen(false);
    toast({ text: t('forgotten') });
    await queries.invalidateQueries({ queryKey: memoryKeys.all });
  });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('forgetAll')}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t('sure')} description={t('sureWords')}>
        {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
        <Actions>
          <Button onClick={() => setOpen(false)}>{t('leave')}</Button>
          <Button weight="danger" busy={busy} onClick={() => void submit(null)}>
            {t('forget')}
          </Button>
        </Actions>
      </Dialog>
    </>
  );
}
