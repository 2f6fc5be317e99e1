// What was used, for administrators. Days and grouping stand in the address.
import { UsageView, type UsageWanted } from '../features/admin/components/usage-view';
import { isDay, lastDays } from '../features/admin/usage-span';
import { useWords } from '../features/admin/words/use-words';
import { usePageTitle } from '../shared/lib/page-title';
import { useAddress } from '../shared/lib/use-address';
import { MINUTE, useNow } from '../shared/lib/use-now';
import { PageHeading } from '../shared/ui/heading';

const USUAL_DAYS = 30;

export function AdminUsageRoute() {
  const t = useWords();
  const { fields, change } = useAddress();
  const now = useNow(MINUTE);
  usePageTitle(t('nav.usage'), '');
  const wanted = read(fields, now);
  const onWanted = ({ span, group }: UsageWanted): void => change(new URLSearchParams({ ...span, group }));
  return (
    <>
      <div className="grid gap-2">
        <PageHeading>{t('nav.usage')}</PageHeading>
        <p className="text-read text-muted">{t('leads.usage')}</p>
      </div>
      <UsageView wanted={wanted} now={now} onWanted={onWanted} />
    </>
  );
}

function read(address: URLSearchParams, now: number): UsageWanted {
  const [from, to, group] = ['from', 'to', 'group'].map((field) => address.get(field));
  return {
    span: isDay(from ?? null) && isDay(to ?? null) ? { from: from ?? '', to: to ?? '' } : lastDays(USUAL_DAYS, now),
    group: group === 'user' || group === 'model' ? group : 'day',
  };
}
