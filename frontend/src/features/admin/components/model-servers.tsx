// The machines that answer: how each does, and those that were found but are not used yet.
import { useQuery } from '@tanstack/react-query';

import { useLocale } from '../../../shared/i18n/i18n';
import { classNames } from '../../../shared/lib/class-names';
import { fromNow, isJustNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Skeleton } from '../../../shared/ui/skeleton';
import { foundQuery, serversQuery, type FoundServer, type ModelServer } from '../queries';
import { useWords, type AdminWords } from '../words/use-words';
import { Unloaded } from './unloaded';

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

export function FoundServers() {
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
  return (
    <li className="flex min-h-16 flex-wrap items-center justify-between gap-x-6 py-2.5">
      <div className="min-w-0">
        <p className="font-strong wrap-anywhere">{server.label}</p>
        <ServerFacts server={server} now={now} />
      </div>
      <ServerState server={server} />
    </li>
  );
}

export function ServerFacts({ server, now }: { server: ModelServer; now: number }) {
  const t = useWords();
  const locale = useLocale();
  const facts = [
    t(server.location === 'home' ? 'servers.home' : 'servers.elsewhere'),
    t('servers.models', { count: server.models }),
    server.checked_at === null ? null : asked(t, server.checked_at, now, locale),
    server.latency_ms === null ? null : t('servers.latency', { ms: Math.round(server.latency_ms) }),
    server.cut_off ? t('servers.cutOff') : null,
  ];
  return <p className="text-meta text-muted tabular-nums">{facts.filter(Boolean).join(' · ')}</p>;
}

export function ServerState({ server }: { server: ModelServer }) {
  const t = useWords();
  const { look, dot } = LOOKS[server.state];
  return (
    <p className={classNames('flex items-center gap-2', look)} aria-live="polite">
      <span className={classNames('size-2 rounded-full', dot)} aria-hidden />
      {t(`servers.${server.state}`)}
      {server.error_code && <span className="font-mono text-code text-muted">{server.error_code}</span>}
    </p>
  );
}

function asked(t: AdminWords, at: string, now: number, locale: string): string {
  return isJustNow(at, now) ? t('servers.justAsked') : t('servers.asked', { when: fromNow(at, now, locale) });
}
