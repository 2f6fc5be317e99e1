// Beside the composer: what is left of today, once it is little.
import { useQuery } from '@tanstack/react-query';

import { fromNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { leftWords, nearestEnd } from '../allowance';
import { usageQuery } from '../queries';

export function QuotaChip() {
  const { data } = useQuery(usageQuery);
  const now = useNow(MINUTE);
  const end = data ? nearestEnd(data, now) : null;
  if (end === null) return null;
  return (
    <span role="status" className="min-w-24 flex-1 basis-0 px-1 text-meta text-muted">
      {leftWords(end)}, new {fromNow(end.resetsAt, now)}
    </span>
  );
}
