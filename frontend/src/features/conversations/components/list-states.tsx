// What stands in the list's place while it is loaded, cannot be loaded, or holds nothing.
import { Button } from '../../../shared/ui/button';
import { Skeleton } from '../../../shared/ui/skeleton';
import { useWords } from '../words/use-words';

const WIDTHS = ['w-4/5', 'w-3/5', 'w-11/12', 'w-1/2', 'w-3/4', 'w-2/3'] as const;

export function ListSkeleton() {
  const t = useWords();
  return (
    <div className="grid gap-4 px-5 py-3" role="status" aria-label={t('list.loading')}>
      {WIDTHS.map((width) => (
        <Skeleton key={width} className={`h-4 ${width}`} />
      ))}
    </div>
  );
}

export function Failed({ onRetry }: { onRetry(): void }) {
  const t = useWords();
  return (
    <div className="grid justify-items-start gap-2 px-5 py-3 text-muted">
      <p>{t('list.failed')}</p>
      <Button onClick={onRetry}>{t('shared:tryAgain')}</Button>
    </div>
  );
}

export function Empty({ archived, q }: { archived: boolean; q: string }) {
  const t = useWords();
  const words = q !== '' ? 'list.nothingFound' : archived ? 'list.archiveEmpty' : 'list.empty';
  return <p className="px-5 py-3 text-muted">{t(words)}</p>;
}
