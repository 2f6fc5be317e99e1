// Tokens of the last two weeks, where anybody used any; the page of usage has the figures.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';

import { paths } from '../../../shared/config/paths';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { usageQuery } from '../queries';
import { dayColumns } from '../usage-rows';
import { lastDays } from '../usage-span';
import { useWords } from '../words/use-words';
import { UsageChart } from './usage-chart';

const DAYS = 14;

export function LatestDays() {
  const t = useWords();
  const span = lastDays(DAYS, useNow(MINUTE));
  const { data: sums = [] } = useQuery(usageQuery(span, 'day'));
  if (sums.length === 0) return null;
  return (
    <div className="grid gap-2">
      <UsageChart columns={dayColumns(sums, span)} />
      <p className="text-meta">
        <Link to={paths.usage} className="text-accent underline">
          {t('overview.toUsage')}
        </Link>
      </p>
    </div>
  );
}
