// Everybody with an account here, searched and filtered; a name leads to the person's own page.
// A name is isolated, so that the direction of its writing turns nothing around it.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';

import { paths } from '../../../shared/config/paths';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Button } from '../../../shared/ui/button';
import { Choice } from '../../../shared/ui/choice';
import { Skeleton } from '../../../shared/ui/skeleton';
import { peopleQuery, type Person, type PersonFilter } from '../queries';
import { lastHere } from '../people-words';
import { SearchField } from './search-field';
import { Unloaded } from './unloaded';

const STATUSES = [
  { value: 'all', label: 'Everybody' },
  { value: 'active', label: 'Can sign in' },
  { value: 'disabled', label: 'Switched off' },
] as const;

export type PeopleListProps = { filter: PersonFilter; ownId: string; onFilter(filter: PersonFilter): void };

export function PeopleList({ filter, ownId, onFilter }: PeopleListProps) {
  return (
    <div className="grid gap-6">
      <search className="flex flex-wrap items-end gap-x-8 gap-y-4">
        <div className="w-full sm:w-72">
          <SearchField label="Name" name="q" value={filter.q} maxLength={100} onSettled={(q) => onFilter({ ...filter, q })} />
        </div>
        <Choice
          label="Show"
          value={filter.status ?? 'all'}
          options={STATUSES}
          onChange={(status) => onFilter({ ...filter, status: status === 'all' ? null : status })}
        />
      </search>
      <People filter={filter} ownId={ownId} />
    </div>
  );
}

function People({ filter, ownId }: Pick<PeopleListProps, 'filter' | 'ownId'>) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(peopleQuery(filter));
  const now = useNow(MINUTE);
  if (isPending) return <ListSkeleton />;
  if (data === undefined) return <Unloaded what="The people" error={error} onRetry={() => void refetch()} />;
  const people = data.pages.flatMap((page) => page.items);
  if (people.length === 0) return <p className="text-muted">Nobody here has such a name or state.</p>;
  return (
    <div className="grid justify-items-start gap-4">
      <ul className="w-full divide-y divide-line border-y border-line" aria-label="People">
        {people.map((person) => (
          <Row key={person.id} person={person} own={person.id === ownId} now={now} />
        ))}
      </ul>
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}

function Row({ person, own, now }: { person: Person; own: boolean; now: number }) {
  const facts = [person.role === 'admin' ? 'administrator' : null, own ? 'you' : null, lastHere(person, now)];
  return (
    <li>
      <Link
        to={paths.person(person.id)}
        className="flex min-h-16 flex-wrap items-center justify-between gap-x-6 px-2 py-2.5 transition-colors hover:bg-hover active:bg-pressed focus-visible:-outline-offset-2"
      >
        <span className="min-w-0 wrap-anywhere">
          <bdi className="font-strong">{person.display_name}</bdi>
          {person.username !== person.display_name && <bdi className="ml-2 text-muted">{person.username}</bdi>}
        </span>
        <span className="text-meta text-muted tabular-nums">
          {person.status === 'disabled' && <span className="font-strong text-failed">switched off · </span>}
          {facts.filter(Boolean).join(' · ')}
        </span>
      </Link>
    </li>
  );
}

function ListSkeleton() {
  return (
    <div className="grid gap-px" role="status" aria-label="Loading the people">
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
    </div>
  );
}
