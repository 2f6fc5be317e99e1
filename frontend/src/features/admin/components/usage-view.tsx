// What was used, by day, person or model: a chart, a table and its sum.
import { useQuery } from '@tanstack/react-query';

import { useLocale } from '../../../shared/i18n/i18n';
import { Choice } from '../../../shared/ui/choice';
import { Button } from '../../../shared/ui/button';
import { Skeleton } from '../../../shared/ui/skeleton';
import { namesQuery, usageQuery, type UsageGroup } from '../queries';
import { dayColumns, usageRows } from '../usage-rows';
import { lastDays, spanProblem, type UsageSpan } from '../usage-span';
import { useWords } from '../words/use-words';
import { DayField } from './day-field';
import { Unloaded } from './unloaded';
import { UsageChart } from './usage-chart';
import { UsageTable } from './usage-table';

const GROUPS = ['day', 'user', 'model'] as const;
const SPANS = [7, 30, 90] as const;

export type UsageWanted = { span: UsageSpan; group: UsageGroup };
export type UsageViewProps = { wanted: UsageWanted; now: number; onWanted(wanted: UsageWanted): void };

export function UsageView({ wanted, now, onWanted }: UsageViewProps) {
  const t = useWords();
  const { span, group } = wanted;
  const problem = spanProblem(t, span);
  return (
    <div className="grid gap-8">
      <search className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <Choice
          label={t('usage.by')}
          value={group}
          options={GROUPS.map((value) => ({ value, label: t(`usage.${value}`) }))}
          onChange={(chosen) => onWanted({ span, group: chosen })}
        />
        <Days span={span} problem={problem} onSpan={(chosen) => onWanted({ span: chosen, group })} />
        <div role="group" aria-label={t('usage.latest')} className="flex flex-wrap gap-2 sm:pt-6.5">
          {SPANS.map((days) => {
            const latest = lastDays(days, now);
            const pressed = latest.from === span.from && latest.to === span.to;
            return (
              <Button key={days} aria-pressed={pressed} className="aria-pressed:bg-hover" onClick={() => onWanted({ span: latest, group })}>
                {t('usage.days', { count: days })}
              </Button>
            );
          })}
        </div>
      </search>
      {problem === null && <Figures span={span} group={group} />}
    </div>
  );
}

type DaysProps = { span: UsageSpan; problem: string | null; onSpan(span: UsageSpan): void };

function Days({ span, problem, onSpan }: DaysProps) {
  const t = useWords();
  return (
    <div className="grid w-full grid-cols-[repeat(auto-fit,minmax(11.5rem,1fr))] gap-x-2 gap-y-4 sm:w-96">
      <DayField
        label={t('usage.from')}
        name="from"
        required
        day={span.from}
        problem={problem ?? undefined}
        onDay={(from) => onSpan({ ...span, from })}
      />
      <DayField label={t('usage.to')} name="to" required day={span.to} onDay={(to) => onSpan({ ...span, to })} />
    </div>
  );
}

function Figures({ span, group }: UsageWanted) {
  const t = useWords();
  const locale = useLocale();
  const { data: sums, error, isPending, refetch } = useQuery(usageQuery(span, group));
  const people = useQuery({ ...namesQuery, enabled: group === 'user' });
  if (isPending || (group === 'user' && people.isPending)) return <Skeleton className="h-80" />;
  if (sums === undefined) return <Unloaded words={t('unloaded.figures')} error={error} onRetry={() => void refetch()} />;
  if (people.isError && people.data === undefined)
    return <Unloaded words={t('unloaded.names')} error={people.error} onRetry={() => void people.refetch()} />;
  if (sums.length === 0) return <p className="text-muted">{t('usage.none')}</p>;
  const rows = usageRows(t, sums, group, people.data ?? new Map(), locale);
  return (
    <div className="grid gap-6">
      {group === 'day' && <UsageChart columns={dayColumns(sums, span)} />}
      <UsageTable rows={rows} group={group} />
    </div>
  );
}
