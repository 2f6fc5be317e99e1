// The place in figures, and the machines that answer.
import { useQuery } from '@tanstack/react-query';

import { classNames } from '../../../shared/lib/class-names';
import { dayAndTime, fromNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Skeleton } from '../../../shared/ui/skeleton';
import { bytes, count, counted } from '../figures';
import { foundQuery, overviewQuery, serversQuery, type FoundServer, type ModelServer, type Overview as Figures } from '../queries';
import { Unloaded } from './unloaded';

export function Overview() {
  const { data, error, isPending, refetch } = useQuery(overviewQuery);
  if (isPending) return <Skeleton className="h-72" />;
  if (data === undefined) return <Unloaded what="The figures" error={error} onRetry={() => void refetch()} />;
  return (
    <div className="grid gap-4">
      <dl className="grid grid-cols-2 border-t border-line sm:grid-cols-4">
        {figuresOf(data).map(({ name, value, more }) => (
          <div key={name} className="flex flex-col gap-0.5 border-b border-line py-4 pr-4">
            <dt className="text-meta text-muted">{name}</dt>
            <dd className="text-title font-strong tabular-nums">{value}</dd>
            {more && <dd className="text-meta text-muted tabular-nums">{more}</dd>}
          </div>
        ))}
      </dl>
      <p className="text-meta text-muted">
        OmniAI {data.version}, running since {dayAndTime(data.started_at)}. The database takes {bytes(data.database_bytes)}, the audit log
        has {counted(data.audit_entries, 'entry', 'entries')}. Today is counted in UTC.
      </p>
    </div>
  );
}

type Figure = { name: string; value: string; more?: string | undefined };

function figuresOf(data: Figures): Figure[] {
  const { users, today } = data;
  return [
    { name: 'People', value: count(users.total), more: users.disabled > 0 ? `${count(users.disabled)} switched off` : undefined },
    { name: 'Administrators', value: count(users.admins) },
    { name: 'Live sign-ins', value: count(data.live_sessions) },
    { name: 'Open invites', value: count(data.open_invites) },
    { name: 'Answers running now', value: count(data.active_streams) },
    { name: 'Messages today', value: count(today.messages) },
    {
      name: 'Tokens today',
      value: count(today.prompt_tokens + today.completion_tokens),
      more: `${count(today.prompt_tokens)} read, ${count(today.completion_tokens)} written`,
    },
    { name: 'Conversations', value: count(data.conversations), more: counted(data.messages, 'message', 'messages') },
  ];
}

export function ModelServers() {
  const { data: servers, error, isPending, refetch } = useQuery(serversQuery);
  const now = useNow(MINUTE);
  if (isPending) return <Skeleton className="h-32" />;
  if (servers === undefined) return <Unloaded what="The model servers" error={error} onRetry={() => void refetch()} />;
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
  const { data: found = [] } = useQuery(foundQuery);
  if (found.length === 0) return null;
  return (
    <section className="grid gap-3" aria-labelledby="found-servers">
      <h3 id="found-servers" className="font-strong">
        Also running on this machine
      </h3>
      <p className="text-meta text-muted">
        OmniAI does not use them yet. To use one, add its line to the file <code className="font-mono text-code">.env</code> in OmniAI’s
        folder and start OmniAI again. Where such a line is there already, change it; several servers in one line are separated by commas.
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

const STATES: Record<ModelServer['state'], { words: string; look: string; dot: string }> = {
  up: { words: 'answers', look: 'text-done', dot: 'bg-done' },
  down: { words: 'does not answer', look: 'text-failed', dot: 'bg-failed' },
  unknown: { words: 'not asked yet', look: 'text-muted', dot: 'border border-edge' },
};

function Server({ server, now }: { server: ModelServer; now: number }) {
  const { words, look, dot } = STATES[server.state];
  const facts = [
    server.location === 'home' ? 'at home' : 'elsewhere',
    counted(server.models, 'model', 'models'),
    server.checked_at === null ? null : asked(server.checked_at, now),
  ];
  return (
    <li className="flex min-h-16 flex-wrap items-center justify-between gap-x-6 py-2.5">
      <div className="min-w-0">
        <p className="font-strong wrap-anywhere">{server.label}</p>
        <p className="text-meta text-muted tabular-nums">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <p className={classNames('flex items-center gap-2', look)}>
        <span className={classNames('size-2 rounded-full', dot)} aria-hidden />
        {words}
        {server.error_code && <span className="font-mono text-code text-muted">{server.error_code}</span>}
      </p>
    </li>
  );
}

function asked(at: string, now: number): string {
  return now - Date.parse(at) < MINUTE ? 'asked just now' : `asked ${fromNow(at, now, 'en')}`;
}
