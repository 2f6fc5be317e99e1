// One person, for administrators: introduces the parts to each other and to the one who looks.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useParams } from 'wouter';

import { PersonRole, PersonReset, PersonSignIns, PersonSwitch } from '../features/admin/components/person-access';
import { PersonDeletion } from '../features/admin/components/person-deletion';
import { PersonLimits } from '../features/admin/components/person-limits';
import { PersonName } from '../features/admin/components/person-name';
import { Unloaded } from '../features/admin/components/unloaded';
import { joined, lastHere } from '../features/admin/people-words';
import { adminKeys, personQuery, type Person } from '../features/admin/queries';
import { useWords } from '../features/admin/words/use-words';
import { useSignedIn } from '../features/auth/session-context';
import { ApiError } from '../shared/api/errors';
import { useLocale } from '../shared/i18n/i18n';
import { paths } from '../shared/config/paths';
import { usePageTitle } from '../shared/lib/page-title';
import { MINUTE, useNow } from '../shared/lib/use-now';
import { PageHeading } from '../shared/ui/heading';
import { PageSection } from '../shared/ui/page-section';
import { Skeleton } from '../shared/ui/skeleton';
import { useToast } from '../shared/ui/toast';

export function AdminPersonRoute() {
  const t = useWords();
  const { id = '' } = useParams<typeof paths.anyPerson>();
  const { data: person, error, isPending, refetch } = useQuery(personQuery(id));
  usePageTitle(person?.display_name ?? t('person.title'), '');
  if (isPending) return <Skeleton className="h-96" />;
  if (person === undefined) {
    const gone = error instanceof ApiError && error.code === 'USER_NOT_FOUND';
    return gone ? <Gone /> : <Unloaded words={t('unloaded.person')} error={error} onRetry={() => void refetch()} />;
  }
  return <OnePerson key={person.id} person={person} />;
}

function OnePerson({ person }: { person: Person }) {
  const t = useWords();
  const { user, changeUser } = useSignedIn();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const toast = useToast();
  const own = person.id === user.id;
  const onChanged = (changed: Person): void => {
    queries.setQueryData(adminKeys.person(changed.id), changed);
    void queries.invalidateQueries({ queryKey: adminKeys.people });
    if (own) changeUser({ ...user, display_name: changed.display_name, role: changed.role, status: changed.status });
  };
  const onDeleted = (): void => {
    toast({ text: t('person.deleted', { name: person.display_name }) });
    navigate(paths.people, { replace: true });
    queries.removeQueries({ queryKey: adminKeys.person(person.id) });
    void queries.invalidateQueries({ queryKey: adminKeys.people });
  };
  return (
    <>
      <Heading person={person} own={own} />
      <PageSection heading={t('person.name')}>
        <PersonName key={person.display_name} person={person} onChanged={onChanged} />
      </PageSection>
      <PageSection heading={t('person.limits')}>
        <PersonLimits id={person.id} />
      </PageSection>
      <PageSection heading={t('person.role')}>
        <PersonRole person={person} own={own} onChanged={onChanged} />
      </PageSection>
      <PageSection heading={t('person.access')}>
        <PersonSwitch person={person} own={own} onChanged={onChanged} />
        <PersonSignIns person={person} own={own} />
        <PersonReset person={person} />
      </PageSection>
      <PageSection heading={t('person.deletion')}>
        {own ? <OwnAccount /> : <PersonDeletion person={person} onDeleted={onDeleted} />}
      </PageSection>
    </>
  );
}

function Heading({ person, own }: { person: Person; own: boolean }) {
  const t = useWords();
  const locale = useLocale();
  const now = useNow(MINUTE);
  const facts = [
    person.username,
    own ? t('people.you') : null,
    person.role === 'admin' ? t('people.admin') : null,
    joined(t, person, locale),
    lastHere(t, person, now, locale),
  ];
  return (
    <div className="grid gap-2">
      <p>
        <Link to={paths.people} className="text-accent underline underline-offset-3">
          {t('nav.people')}
        </Link>
      </p>
      <PageHeading>
        <bdi>{person.display_name}</bdi>
      </PageHeading>
      <p className="text-muted tabular-nums wrap-anywhere">
        {person.status === 'disabled' && <span className="font-strong text-failed">{t('people.off')} · </span>}
        {facts.filter(Boolean).join(' · ')}
      </p>
      <p>
        <Link to={`${paths.audit}?actor=${encodeURIComponent(person.username)}`} className="text-accent underline underline-offset-3">
          {t('person.acts')}
        </Link>
      </p>
    </div>
  );
}

function OwnAccount() {
  const t = useWords();
  return (
    <p>
      {t('person.ownBefore')}{' '}
      <Link to={paths.settings} className="text-accent underline underline-offset-3">
        {t('person.settings')}
      </Link>
      .
    </p>
  );
}

function Gone() {
  const t = useWords();
  return (
    <div className="grid gap-3">
      <PageHeading>{t('person.gone')}</PageHeading>
      <p className="text-read text-muted">{t('person.goneWords')}</p>
      <p className="text-read">
        <Link to={paths.people} className="text-accent underline underline-offset-3">
          {t('person.everybody')}
        </Link>
      </p>
    </div>
  );
}
