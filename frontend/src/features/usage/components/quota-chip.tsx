// Beside the composer: what is left of today, once it is little.
import { useQuery } from '@tanstack/react-query';

import { useLocale } from '../../../shared/i18n/i18n';
import { fromNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { leftWords, nearestEnd } from '../allowance';
import { usageQuery } from '../queries';
import { useWords } from '../words/use-words';

export function QuotaChip() {
  const t = useWords();
  const locale = useLocale();
  const { data } = useQuery(usageQuery);
  const now = useNow(MINUTE);
  const end = data ? nearestEnd(data, now) : null;
  if (end === null) return null;
  return (
    <span role="status" className="min-w-24 flex-1 basis-0 px-1 text-meta text-muted">
      {t('left.renewed', { left: leftWords(t, end), when: fromNow(end.resetsAt, now, locale) })}
    </span>
  );
}
