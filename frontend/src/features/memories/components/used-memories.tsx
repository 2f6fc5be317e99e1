// What an answer was told of the person, where it can be said otherwise or forgotten.
import { useQueries } from '@tanstack/react-query';

import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { memoryQuery } from '../queries';
import { useWords } from '../words/use-words';
import { MemoryLine } from './memory-line';

export function UsedMemories({ ids, onClose }: { ids: readonly string[]; onClose(): void }) {
  const t = useWords();
  const found = useQueries({ queries: ids.map(memoryQuery) });
  const memories = found.flatMap(({ data }) => data ?? []);
  const gone = found.filter(({ data }) => data === null).length;
  const unread = found.filter(({ isError }) => isError);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('used')} description={t('usedWords')}>
      {found.some(({ isPending }) => isPending) && <Skeleton className="h-16" />}
      <ul className="grid max-h-[50vh] divide-y divide-line overflow-y-auto">
        {memories.map((memory) => (
          <MemoryLine key={memory.id} memory={memory} />
        ))}
      </ul>
      {gone > 0 && <p className="text-muted">{t('usedGone', { count: gone })}</p>}
      {unread.length > 0 && (
        <Note act={<Button onClick={() => unread.forEach(({ refetch }) => void refetch())}>{t('shared:tryAgain')}</Button>}>
          {t('unread')}
        </Note>
      )}
      <Actions>
        <Button onClick={onClose}>{t('shared:close')}</Button>
      </Actions>
    </Dialog>
  );
}
