// Where one is signed in: each device, and an end to each.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';

import { ago } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { useToast } from '../../../shared/ui/toast';
import { deviceName } from '../device-name';
import { endOtherSignIns, endSignIn, signInKeys, signInsQuery, type SignIn } from '../queries';

export function SignIns() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(signInsQuery);
  const signIns = data?.pages.flatMap((page) => page.items) ?? [];
  if (error) {
    return <Note act={<Button onClick={() => void refetch()}>Try again</Button>}>Your sign-ins could not be read.</Note>;
  }
  if (!data) return <Skeleton className="h-24 w-full" />;
  return (
    <div className="grid gap-4">
      <ul className="grid divide-y divide-line">
        {signIns.map((signIn) => (
          <Line key={signIn.id} signIn={signIn} />
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
        {signIns.length > 1 && <EndOthers />}
      </div>
    </div>
  );
}

function Line({ signIn }: { signIn: SignIn }) {
  const now = useNow(MINUTE);
  const { busy, error, submit } = useEnding(() => endSignIn(signIn.id), 'That device is signed out.');
  const name = deviceName(signIn.device);
  return (
    <li className="grid gap-2 py-3">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-strong wrap-anywhere">{name}</p>
          <p className="text-meta text-muted wrap-anywhere">
            {signIn.current ? 'This one' : `Last used ${ago(signIn.last_seen_at, now)}`}, from {signIn.address}
          </p>
        </div>
        {!signIn.current && (
          <Button busy={busy} aria-label={`Sign out ${name}`} onClick={() => void submit(null)}>
            Sign out
          </Button>
        )}
      </div>
      {error && <Note requestId={error.requestId}>{error.message}</Note>}
    </li>
  );
}

function EndOthers() {
  const { busy, error, submit } = useEnding(endOtherSignIns, 'All other devices are signed out.');
  return (
    <div className="grid gap-2">
      <Button className="justify-self-start" busy={busy} onClick={() => void submit(null)}>
        Sign out everywhere else
      </Button>
      {error && <Note requestId={error.requestId}>{error.message}</Note>}
    </div>
  );
}

function useEnding(end: () => Promise<void>, done: string) {
  const queries = useQueryClient();
  const toast = useToast();
  return useSubmission<null>(async () => {
    await end();
    await queries.invalidateQueries({ queryKey: signInKeys.all });
    toast({ text: done });
  });
}
