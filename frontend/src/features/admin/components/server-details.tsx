// Each model server with what it offers, and the way to have it asked now.
import { useQuery, useQueryClient } from '@tanstack/react-query';

import { useLocale } from '../../../shared/i18n/i18n';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { count } from '../figures';
import { adminKeys, askServer, serverModelsQuery, serversQuery, type ModelServer, type ServerModel } from '../queries';
import { useRefusalWords } from '../refusal-words';
import { useWords, type AdminWords } from '../words/use-words';
import { FoundServers, ServerFacts, ServerState } from './model-servers';
import { Unloaded } from './unloaded';

export function ServersView() {
  const t = useWords();
  const { data: servers, error, isPending, refetch } = useQuery(serversQuery);
  const now = useNow(MINUTE);
  if (isPending) return <Skeleton className="h-64" />;
  if (servers === undefined) return <Unloaded words={t('unloaded.servers')} error={error} onRetry={() => void refetch()} />;
  return (
    <div className="grid gap-8">
      {servers.map((server) => (
        <ServerDetails key={server.id} server={server} now={now} />
      ))}
      <FoundServers />
    </div>
  );
}

function ServerDetails({ server, now }: { server: ModelServer; now: number }) {
  const t = useWords();
  const client = useQueryClient();
  const refusalWords = useRefusalWords();
  const { busy, error, submit } = useSubmission(async (id: string) => {
    await askServer(id);
    await client.invalidateQueries({ queryKey: adminKeys.servers, exact: true });
    const up = client.getQueryData(serversQuery.queryKey)?.some((each) => each.id === id && each.state === 'up');
    // One that is away would refuse, and its list is not shown.
    if (up) await client.invalidateQueries({ queryKey: adminKeys.serverModels(id) });
  });
  const heading = `server-${server.id}`;
  return (
    <section aria-labelledby={heading} className="grid gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-1">
          <h2 id={heading} className="text-title font-strong wrap-anywhere">
            {server.label}
          </h2>
          <ServerState server={server} />
          <ServerFacts server={server} now={now} />
        </div>
        <Button busy={busy} aria-label={t('servers.askNamed', { name: server.label })} onClick={() => void submit(server.id)}>
          {t('servers.ask')}
        </Button>
      </div>
      {error && <Note requestId={error.requestId}>{refusalWords(error)}</Note>}
      <Offered server={server} />
    </section>
  );
}

function Offered({ server }: { server: ModelServer }) {
  const t = useWords();
  const up = server.state === 'up';
  const { data: models, isPending } = useQuery({ ...serverModelsQuery(server.id), enabled: up });
  if (up && isPending) return <Skeleton className="h-12" />;
  if (!up || models === undefined) return <p className="text-muted">{t('servers.unlisted')}</p>;
  if (models.length === 0) return <p className="text-muted">{t('servers.offersNone')}</p>;
  return (
    <ul aria-label={t('servers.offered', { name: server.label })} className="divide-y divide-line border-y border-line">
      {models.map((model) => (
        <OfferedModel key={model.id} model={model} />
      ))}
    </ul>
  );
}

function OfferedModel({ model }: { model: ServerModel }) {
  const t = useWords();
  const locale = useLocale();
  return (
    <li className="flex min-h-12 flex-wrap items-center justify-between gap-x-6 py-2">
      <div className="min-w-0">
        <p className="wrap-anywhere">{model.label}</p>
        {model.label !== model.id && <code className="block font-mono text-code wrap-anywhere text-muted">{model.id}</code>}
      </div>
      <p className="text-meta text-muted tabular-nums">{abilities(t, model, locale).join(' · ')}</p>
    </li>
  );
}

function abilities(t: AdminWords, model: ServerModel, locale: string): string[] {
  const { vision, tools, reasoning } = model.capabilities;
  const said = [
    model.loaded === true && t('servers.inMemory'),
    model.kind === 'embedding' && t('servers.embedding'),
    model.context_length !== null && t('servers.context', { size: count(model.context_length, locale) }),
    vision && t('servers.vision'),
    tools && t('servers.tools'),
    reasoning && t('servers.reasoning'),
  ];
  return said.filter((each) => each !== false);
}
