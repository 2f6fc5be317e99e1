// The log, newest first; an entry opens to all its facts.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';

import { useLocale } from '../../../shared/i18n/i18n';
import { classNames } from '../../../shared/lib/class-names';
import { Button } from '../../../shared/ui/button';
import { Skeleton } from '../../../shared/ui/skeleton';
import type { AuditFilter } from '../audit-filter';
import { actionWords, entryFacts, exactTime } from '../audit-words';
import { auditQuery, namesQuery, type AuditEntry } from '../queries';
import type { Names } from '../usage-rows';
import { useWords } from '../words/use-words';
import { Unloaded } from './unloaded';

const NO_NAMES: Names = new Map();

export function AuditList({ filter }: { filter: AuditFilter }) {
  const t = useWords();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(auditQuery(filter));
  const { data: names = NO_NAMES } = useQuery(namesQuery);
  if (isPending) return <Skeleton className="h-96" />;
  if (data === undefined) return <Unloaded words={t('unloaded.audit')} error={error} onRetry={() => void refetch()} />;
  const entries = data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <p className="text-muted">{t('audit.none')}</p>;
  return (
    <div className="grid justify-items-start gap-4">
      <ul className="w-full divide-y divide-line border-y border-line" aria-label={t('audit.entries')}>
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} names={names} />
        ))}
      </ul>
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}

function Entry({ entry, names }: { entry: AuditEntry; names: Names }) {
  const t = useWords();
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  const target = entry.target_type === 'user' && entry.target_id !== entry.actor_id ? names.get(entry.target_id ?? '') : undefined;
  const who = entry.actor_name ?? (entry.actor_id === null ? t('audit.nobody') : (names.get(entry.actor_id) ?? t('audit.deleted')));
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex min-h-control cursor-pointer list-none items-center gap-2 px-2 py-2.5 transition-colors hover:bg-hover focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            size={16}
            strokeWidth={1.6}
            aria-hidden
            className={classNames('shrink-0 text-muted transition-transform', open && 'rotate-90')}
          />
          <span className="flex min-w-0 flex-1 flex-wrap justify-between gap-x-6">
            <span className="min-w-0 wrap-anywhere">
              {actionWords(t, entry.action)}
              {target !== undefined && (
                <span className="text-muted">
                  : <bdi>{target}</bdi>
                </span>
              )}
              {entry.outcome === 'refused' && <span className="ms-2 font-strong text-failed">{t('audit.wasRefused')}</span>}
            </span>
            <span className="text-meta text-muted tabular-nums">
              <bdi>{who}</bdi> · {exactTime(entry.at, locale)}
            </span>
          </span>
        </summary>
        {open && <Facts entry={entry} names={names} />}
      </details>
    </li>
  );
}

function Facts({ entry, names }: { entry: AuditEntry; names: Names }) {
  const t = useWords();
  const locale = useLocale();
  return (
    <dl className="grid gap-x-6 pt-1 pe-2 pb-5 ps-8 sm:grid-cols-[9rem_minmax(0,1fr)] sm:gap-y-1.5">
      {entryFacts(t, entry, (id) => names.get(id), locale).map(({ name, value, mono }) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className={classNames('mb-1.5 wrap-anywhere sm:mb-0', mono && 'font-mono text-code')}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
