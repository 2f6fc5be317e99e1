// How the place is: its figures and its model servers.
import { Link } from 'wouter';

import { FirstSteps } from '../features/admin/components/first-steps';
import { LatestDays } from '../features/admin/components/latest-days';
import { ModelServers } from '../features/admin/components/model-servers';
import { Overview } from '../features/admin/components/overview';
import { useWords } from '../features/admin/words/use-words';
import { useSignedIn } from '../features/auth/session-context';
import { paths } from '../shared/config/paths';
import { usePageTitle } from '../shared/lib/page-title';
import { PageHeading } from '../shared/ui/heading';

export function AdminOverviewRoute() {
  const t = useWords();
  const { user } = useSignedIn();
  usePageTitle(t('nav.overview'), '');
  return (
    <>
      <div className="grid gap-2">
        <PageHeading>{t('nav.overview')}</PageHeading>
        <p className="text-read text-muted">{t('leads.overview')}</p>
      </div>
      <FirstSteps owner={user.id} />
      <Overview />
      <LatestDays />
      <section aria-labelledby="model-servers" className="grid gap-3">
        <div className="flex flex-wrap items-baseline justify-between gap-x-6">
          <h2 id="model-servers" className="text-title font-strong">
            {t('servers.heading')}
          </h2>
          <Link to={paths.servers} className="text-accent underline-offset-4 hover:underline">
            {t('servers.more')}
          </Link>
        </div>
        <ModelServers />
      </section>
    </>
  );
}
