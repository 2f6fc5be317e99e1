// How the place is: its figures and its model servers.
import { ModelServers, Overview } from '../features/admin/components/overview';
import { usePageTitle } from '../shared/lib/page-title';
import { PageHeading } from '../shared/ui/heading';

export function AdminOverviewRoute() {
  usePageTitle('Overview', '');
  return (
    <>
      <div className="grid gap-2">
        <PageHeading>Overview</PageHeading>
        <p className="text-read text-muted">What people write is theirs: no administrator’s page shows a conversation or a message.</p>
      </div>
      <Overview />
      <section aria-labelledby="model-servers" className="grid gap-3">
        <h2 id="model-servers" className="text-title font-strong">
          Model servers
        </h2>
        <ModelServers />
      </section>
    </>
  );
}
