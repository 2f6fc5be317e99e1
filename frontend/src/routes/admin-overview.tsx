// How the place is: its figures and its model servers.
import { FirstSteps } from '../features/admin/components/first-steps';
import { LatestDays } from '../features/admin/components/latest-days';
import { ModelServers, Overview } from '../features/admin/components/overview';
import { useWords } from '../features/admin/words/use-words';
import { useSignedIn } from '../features/auth/session-context';
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
        <h2 id="model-servers" className="text-title font-strong">
          {t('servers.heading')}
        </h2>
        <ModelServers />
      </section>
    </>
  );
}
