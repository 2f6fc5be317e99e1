// Where one is signed in: each device, and an end to each.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';

import { useLocale, useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { fromNow, isJustNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { useToast } from '../../../shared/ui/toast';
import { deviceName } from '../device-name';
import { endOtherSignIns, endSignIn, signInKeys, signInsQuery, type SignIn } from '../queries';
import { useWords, type SettingsWords } from '../words/use-words';

export function SignIns() {
  const t = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(signInsQuery);
  const signIns = data?.pages.flatMap((page) => page.items) ?? [];
  if (error) {
    return <Note act={<Button onClick={() => void refetch()}>{t('shared:tryAgain')}</Button>}>{t('signIns.unread')}</Note>;
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
            {t('signIns.more')}
          </Button>
        )}
        {signIns.length > 1 && <EndOthers />}
      </div>
    </div>
  );
}

function Line({ signIn }: { signIn: SignIn }) {
  const t = useWords();
  const shared = useSharedWords();
  const locale = useLocale();
  const now = useNow(MINUTE);
  const { busy, error, submit } = useEnding(() => endSignIn(signIn.id), t('signIns.ended'));
  const name = deviceName(t, signIn.device);
  return (
    <li className="grid gap-2 py-3">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-strong wrap-anywhere">{name}</p>
          <p className="text-meta text-muted wrap-anywhere">{lastUsed(t, signIn, now, locale)}</p>
        </div>
        {!signIn.current && (
          <Button busy={busy} aria-label={t('signIns.endOf', { device: name })} onClick={() => void submit(null)}>
            {t('signIns.end')}
          </Button>
        )}
      </div>
      {error && <Note requestId={error.requestId}>{errorWords(shared, error)}</Note>}
    </li>
  );
}

function lastUsed(t: SettingsWords, { current, address, last_seen_at: at }: SignIn, now: number, locale: string): string {
  if (current) return t('signIns.current', { address });
  return isJustNow(at, now) ? t('signIns.justUsed', { address }) : t('signIns.used', { address, when: fromNow(at, now, locale) });
}

function EndOthers() {
  const t = useWords();
  const shared = useSharedWords();
  const { busy, error, submit } = useEnding(endOtherSignIns, t('signIns.othersEnded'));
  return (
    <div className="grid gap-2">
      <Button className="justify-self-start" busy={busy} onClick={() => void submit(null)}>
        {t('signIns.endOthers')}
      </Button>
      {error && <Note requestId={error.requestId}>{errorWords(shared, error)}</Note>}
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
