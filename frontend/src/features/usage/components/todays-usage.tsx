// What one has used of today, and when the next day's allowance begins.
import { useQuery } from '@tanstack/react-query';

import { fromNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { usedWords } from '../allowance';
import { usageQuery } from '../queries';

export function TodaysUsage() {
  const { data, error, refetch } = useQuery(usageQuery);
  const now = useNow(MINUTE);
  if (error) return <Note act={<Button onClick={() => void refetch()}>Try again</Button>}>Your usage could not be read.</Note>;
  if (!data) return <Skeleton className="h-16 w-full" />;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
      <dt className="text-muted">Messages</dt>
      <dd>{usedWords(data.messages)}</dd>
      <dt className="text-muted">Tokens</dt>
      <dd>{usedWords(data.tokens)}</dd>
      <dt className="text-muted">New allowance</dt>
      <dd>{fromNow(data.messages.resets_at, now)}, at midnight UTC</dd>
    </dl>
  );
}
