// What one has used of today, and when the next day's allowance begins.
import { useQuery } from '@tanstack/react-query';

import { useLocale } from '../../../shared/i18n/i18n';
import { fromNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { usedWords } from '../allowance';
import { usageQuery } from '../queries';
import { useWords } from '../words/use-words';

export function TodaysUsage() {
  const t = useWords();
  const locale = useLocale();
  const { data, error, refetch } = useQuery(usageQuery);
  const now = useNow(MINUTE);
  if (error) return <Note act={<Button onClick={() => void refetch()}>{t('shared:tryAgain')}</Button>}>{t('today.unread')}</Note>;
  if (!data) return <Skeleton className="h-16 w-full" />;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
      <dt className="text-muted">{t('today.messages')}</dt>
      <dd>{usedWords(t, data.messages)}</dd>
      <dt className="text-muted">{t('today.tokens')}</dt>
      <dd>{usedWords(t, data.tokens)}</dd>
      <dt className="text-muted">{t('today.renewal')}</dt>
      <dd>{t('today.renewed', { when: fromNow(data.messages.resets_at, now, locale) })}</dd>
    </dl>
  );
}
