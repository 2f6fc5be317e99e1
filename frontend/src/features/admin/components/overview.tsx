// The place in figures, and the machines that answer.
import { useQuery } from '@tanstack/react-query';

import { useLocale } from '../../../shared/i18n/i18n';
import { classNames } from '../../../shared/lib/class-names';
import { dayAndTime, fromNow, isJustNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Skeleton } from '../../../shared/ui/skeleton';
import { bytes, count } from '../figures';
import { foundQuery, overviewQuery, serversQuery, type FoundServer, type ModelServer, type Overview as Figures } from '../queries';
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

export function ModelServers() {
  const t = useWords();
  const { data: servers, error, isPending, refetch } = useQuery(serversQuery);
  const now = useNow(MINUTE);
  if (isPending) return <Skeleton className="h-32" />;
  if (servers === undefined) return <Unloaded words={t('unloaded.servers')} error={error} onRetry={() => void refetch()} />;
  return (
    <div className="grid gap-6">
      <ul className="divide-y divide-line border-y border-line">
        {servers.map((server) => (
          <Server key={server.id} server={server} now={now} />
        ))}
      </ul>
      <FoundServers />
    </div>
  );
}

function FoundServers() {
  const t = useWords();
  const { data: found = [] } = useQuery(foundQuery);
  if (found.length === 0) return null;
  return (
    <section className="grid gap-3" aria-labelledby="found-servers">
      <h3 id="found-servers" className="font-strong">
        {t('servers.found')}
      </h3>
      <p className="text-meta text-muted">
        {t('servers.foundBefore')} <code className="font-mono text-code">.env</code> {t('servers.foundAfter')}
      </p>
      <ul className="divide-y divide-line border-y border-line">
        {found.map((server) => (
          <Found key={server.base_url} server={server} />
        ))}
      </ul>
    </section>
  );
}

function Found({ server }: { server: FoundServer }) {
  return (
    <li className="grid gap-1 py-2.5">
      <p className="font-strong">{server.label}</p>
      <p className="font-mono text-code wrap-anywhere">{server.setting}</p>
    </li>
  );
}

const LOOKS: Record<ModelServer['state'], { look: string; dot: string }> = {
  up: { look: 'text-done', dot: 'bg-done' },
  down: { look: 'text-failed', dot: 'bg-failed' },
  unknown: { look: 'text-muted', dot: 'border border-edge' },
};

function Server({ server, now }: { server: ModelServer; now: number }) {
  const t = useWords();
  const locale = useLocale();
  const { look, dot } = LOOKS[server.state];
  const facts = [
    t(server.location === 'home' ? 'servers.home' : 'servers.elsewhere'),
    t('servers.models', { count: server.models }),
    server.checked_at === null ? null : asked(t, server.checked_at, now, locale),
    server.latency_ms === null ? null : t('servers.latency', { ms: Math.round(server.latency_ms) }),
    server.cut_off ? t('servers.cutOff') : null,
  ];
  return (
    <li className="flex min-h-16 flex-wrap items-center justify-between gap-x-6 py-2.5">
      <div className="min-w-0">
        <p className="font-strong wrap-anywhere">{server.label}</p>
        <p className="text-meta text-muted tabular-nums">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <p className={classNames('flex items-center gap-2', look)}>
        <span className={classNames('size-2 rounded-full', dot)} aria-hidden />
        {t(`servers.${server.state}`)}
        {server.error_code && <span className="font-mono text-code text-muted">{server.error_code}</span>}
      </p>
    </li>
  );
}

function asked(t: AdminWords, at: string, now: number, locale: string): string {
  return isJustNow(at, now) ? t('servers.justAsked') : t('servers.asked', { when: fromNow(at, now, locale) });
}
