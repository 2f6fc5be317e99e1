// In the settings: how long conversations stay, and what was deleted.
import { useQuery, useQueryClient } from '@tanstack/react-query';

import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { SelectField } from '../../../shared/ui/select-field';
import { Skeleton } from '../../../shared/ui/skeleton';
import { keepingQuery, setKeepDays, type Keeping } from '../queries';
import { wishesUnder } from '../stays';
import { useWords } from '../words/use-words';
import { TrashList, type TrashListProps } from './trash-list';

export function KeepingSection(back: Omit<TrashListProps, 'days'>) {
  const t = useWords();
  const { data, error, refetch } = useQuery(keepingQuery);
  if (error) return <Note act={<Button onClick={() => void refetch()}>{t('shared:tryAgain')}</Button>}>{t('unread')}</Note>;
  if (!data) return <Skeleton className="h-24 w-full" />;
  return (
    <div className="grid gap-6">
      <Stay keeping={data} />
      <TrashList days={data.trash_days} {...back} />
    </div>
  );
}

const FOR_EVER = '';
const YEAR = 365;

function Stay({ keeping: { keep_days: own, retention_days: most, trash_days: trashDays } }: { keeping: Keeping }) {
  const t = useWords();
  const shared = useSharedWords();
  const queries = useQueryClient();
  const { error, submit } = useSubmission(async (days: number | null) => {
    queries.setQueryData(keepingQuery.queryKey, await setKeepDays(days));
  });
  const options = [
    { value: FOR_EVER, label: most === null ? t('stay.forEver') : t('stay.mostDays', { count: most }) },
    ...wishesUnder(most, own)
      .toReversed()
      .map((days) => ({ value: String(days), label: days === YEAR ? t('stay.year') : t('stay.days', { count: days }) })),
  ];
  return (
    <div className="grid gap-2">
      <div className="max-w-96">
        <SelectField
          label={t('stay.label')}
          value={own === null ? FOR_EVER : String(own)}
          options={options}
          onChange={(wish) => void submit(wish === FOR_EVER ? null : Number(wish))}
        />
      </div>
      {(own !== null || most !== null) && <p className="text-meta text-muted">{t(trashDays === 0 ? 'stay.hintGone' : 'stay.hint')}</p>}
      {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
    </div>
  );
}
