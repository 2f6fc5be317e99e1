// The model servers, one by one.
import { ServersView } from '../features/admin/components/server-details';
import { useWords } from '../features/admin/words/use-words';
import { usePageTitle } from '../shared/lib/page-title';
import { PageHeading } from '../shared/ui/heading';

export function AdminServersRoute() {
  const t = useWords();
  usePageTitle(t('servers.heading'), '');
  return (
    <>
      <div className="grid gap-2">
        <PageHeading>{t('servers.heading')}</PageHeading>
        <p className="text-read text-muted">{t('leads.servers')}</p>
      </div>
      <ServersView />
    </>
  );
}
