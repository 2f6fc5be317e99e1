// Everybody here, for administrators. The search stands in the address, so that one comes back to it.
import { PeopleList } from '../features/admin/components/people-list';
import type { PersonFilter } from '../features/admin/queries';
import { useWords } from '../features/admin/words/use-words';
import { useSignedIn } from '../features/auth/session-context';
import { usePageTitle } from '../shared/lib/page-title';
import { useAddress } from '../shared/lib/use-address';
import { PageHeading } from '../shared/ui/heading';

export function AdminPeopleRoute() {
  const t = useWords();
  const { user } = useSignedIn();
  const { fields, change } = useAddress();
  usePageTitle(t('nav.people'), '');
  const status = fields.get('status');
  const filter: PersonFilter = { q: fields.get('q') ?? '', status: status === 'active' || status === 'disabled' ? status : null };
  const onFilter = (wanted: PersonFilter): void =>
    change(
      new URLSearchParams({ ...(wanted.q === '' ? {} : { q: wanted.q }), ...(wanted.status === null ? {} : { status: wanted.status }) }),
    );
  return (
    <>
      <div className="grid gap-2">
        <PageHeading>{t('nav.people')}</PageHeading>
        <p className="text-read text-muted">{t('leads.people')}</p>
      </div>
      <PeopleList filter={filter} ownId={user.id} onFilter={onFilter} />
    </>
  );
}
