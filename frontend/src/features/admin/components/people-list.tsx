// Everybody with an account here, searched and filtered; a name leads to the person's own page.
// A name is isolated, so that the direction of its writing turns nothing around it.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';

import { paths } from '../../../shared/config/paths';
import { useLocale } from '../../../shared/i18n/i18n';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Button } from '../../../shared/ui/button';
import { Choice } from '../../../shared/ui/choice';
import { Skeleton } from '../../../shared/ui/skeleton';
import { peopleQuery, type Person, type PersonFilter } from '../queries';
import { lastHere } from '../people-words';
import { useWords } from '../words/use-words';
import { SearchField } from './search-field';
import { Unloaded } from './unloaded';

const STATUSES = ['all', 'active', 'disabled'] as const;

export type PeopleListProps = { filter: PersonFilter; ownId: string; onFilter(filter: PersonFilter): void };

export function PeopleList({ filter, ownId, onFilter }: PeopleListProps) {
  const t = useWords();
  return (
    <div className="grid gap-6">
      <search className="flex flex-wrap items-end gap-x-8 gap-y-4">
        <div className="w-full sm:w-72">
          <SearchField label={t('people.name')} name="q" value={filter.q} maxLength={100} onSettled={(q) => onFilter({ ...filter, q })} />
        </div>
        <Choice
          label={t('people.show')}
          value={filter.status ?? 'all'}
          options={STATUSES.map((value) => ({ value, label: t(`people.${value}`) }))}
          onChange={(status) => onFilter({ ...filter, status: status === 'all' ? null : status })}
        />
      </search>
      <People filter={filter} ownId={ownId} />
    </div>
  );
}

function People({ filter, ownId }: Pick<PeopleListProps, 'filter' | 'ownId'>) {
  const t = useWords();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(peopleQuery(filter));
  const now = useNow(MINUTE);
  if (isPending) return <ListSkeleton />;
  if (data === undefined) return <Unloaded words={t('unloaded.people')} error={error} onRetry={() => void refetch()} />;
  const people = data.pages.flatMap((page) => page.items);
  if (people.length === 0) return <p className="text-muted">{t('people.nobody')}</p>;
  return (
    <div className="grid justify-items-start gap-4">
      <ul className="w-full divide-y divide-line border-y border-line" aria-label={t('people.list')}>
        {people.map((person) => (
          <Row key={person.id} person={person} own={person.id === ownId} now={now} />
        ))}
      </ul>
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}

function Row({ person, own, now }: { person: Person; own: boolean; now: number }) {
  const t = useWords();
  const locale = useLocale();
  const facts = [person.role === 'admin' ? t('people.admin') : null, own ? t('people.you') : null, lastHere(t, person, now, locale)];
  return (
    <li>
      <Link
        to={paths.person(person.id)}
        className="flex min-h-16 flex-wrap items-center justify-between gap-x-6 px-2 py-2.5 transition-colors hover:bg-hover active:bg-pressed focus-visible:-outline-offset-2"
      >
        <span className="min-w-0 wrap-anywhere">
          <bdi className="font-strong">{person.display_name}</bdi>
          {person.username !== person.display_name && <bdi className="ms-2 text-muted">{person.username}</bdi>}
        </span>
        <span className="text-meta text-muted tabular-nums">
          {person.status === 'disabled' && <span className="font-strong text-failed">{t('people.off')} · </span>}
          {facts.filter(Boolean).join(' · ')}
        </span>
      </Link>
    </li>
  );
}

function ListSkeleton() {
  const t = useWords();
  return (
    <div className="grid gap-px" role="status" aria-label={t('people.loading')}>
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
    </div>
  );
}
