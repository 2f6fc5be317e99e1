// The place in figures.
import { useQuery } from '@tanstack/react-query';

import { useLocale } from '../../../shared/i18n/i18n';
import { classNames } from '../../../shared/lib/class-names';
import { dayAndTime } from '../../../shared/lib/moments';
import { Skeleton } from '../../../shared/ui/skeleton';
import { bytes, count } from '../figures';
import { overviewQuery, type Overview as Figures } from '../queries';
import { useWords, type AdminWords } from '../words/use-words';
import { Unloaded } from './unloaded';

export function Overview() {
  const t = useWords();
  const locale = useLocale();
  const { data, error, isPending, refetch } = useQuery(overviewQuery);
  if (isPending) return <Skeleton className="h-72" />;
  if (data === undefined) return <Unloaded words={t('unloaded.figures')} error={error} onRetry={() => void refetch()} />;
  return (
    <div className="grid gap-4">
      <dl className="grid grid-cols-2 border-t border-line sm:grid-cols-4">
        {figuresOf(t, data, locale).map(({ name, value, more }) => (
          <div key={name} className="flex flex-col gap-0.5 border-b border-line py-4 pe-4">
            <dt className="text-meta text-muted">{name}</dt>
            <dd className="text-title font-strong tabular-nums">{value}</dd>
            {more && <dd className="text-meta text-muted tabular-nums">{more}</dd>}
          </div>
        ))}
      </dl>
      <p className="text-meta text-muted">
        {t('overview.facts', {
          version: data.version,
          moment: dayAndTime(data.started_at, locale),
          size: bytes(data.database_bytes, locale),
          count: data.audit_entries,
        })}
      </p>
      <p className={classNames('text-meta', data.backup.problem === null ? 'text-muted' : 'text-failed')}>
        {backupWords(t, data.backup, locale)}
      </p>
    </div>
  );
}

function backupWords(t: AdminWords, { every_hours, proven_at, problem }: Figures['backup'], locale: string): string {
  const moment = proven_at === null ? '' : dayAndTime(proven_at, locale);
  if (problem !== null) return t(moment ? 'overview.backup.failed' : 'overview.backup.neverProven', { problem, moment });
  if (moment) return t('overview.backup.proven', { moment });
  return t(every_hours === null ? 'overview.backup.none' : 'overview.backup.waiting');
}

type Figure = { name: string; value: string; more?: string | undefined };

function figuresOf(t: AdminWords, data: Figures, locale: string): Figure[] {
  const { users, today } = data;
  const off = users.disabled > 0 ? t('overview.switchedOff', { count: users.disabled }) : undefined;
  return [
    { name: t('overview.people'), value: count(users.total, locale), more: off },
    { name: t('overview.admins'), value: count(users.admins, locale) },
    { name: t('overview.signIns'), value: count(data.live_sessions, locale) },
    { name: t('overview.invites'), value: count(data.open_invites, locale) },
    { name: t('overview.answers'), value: count(data.active_streams, locale) },
    { name: t('overview.messagesToday'), value: count(today.messages, locale) },
    {
      name: t('overview.tokensToday'),
      value: count(today.prompt_tokens + today.completion_tokens, locale),
      more: t('overview.readAndWritten', { read: today.prompt_tokens, written: today.completion_tokens }),
    },
    {
      name: t('overview.conversations'),
      value: count(data.conversations, locale),
      more: t('overview.messages', { count: data.messages }),
    },
  ];
}
