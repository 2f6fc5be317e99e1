// The invites made so far, newest first, and the way to take one back.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { ApiError } from '../../../shared/api/errors';
import { useLocale } from '../../../shared/i18n/i18n';
import { classNames } from '../../../shared/lib/class-names';
import { dayAndTime, fromNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Skeleton } from '../../../shared/ui/skeleton';
import { useToast } from '../../../shared/ui/toast';
import { inviteState } from '../invite-state';
import { inviteKeys, invitesQuery, revokeInvite, type Invite } from '../queries';
import { useWords } from '../words/use-words';
import { Unloaded } from './unloaded';

export function InviteList() {
  const t = useWords();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(invitesQuery);
  const [revoking, setRevoking] = useState<Invite | null>(null);
  if (isPending) return <ListSkeleton />;
  if (data === undefined) return <Unloaded words={t('unloaded.invites')} error={error} onRetry={() => void refetch()} />;
  const invites = data.pages.flatMap((page) => page.items);
  if (invites.length === 0) return <p className="text-muted">{t('invites.none')}</p>;
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {invites.map((invite) => (
          <Row key={invite.id} invite={invite} onRevoke={() => setRevoking(invite)} />
        ))}
      </ul>
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()} className="mt-4">
          {t('invites.older')}
        </Button>
      )}
      <RevokeDialog invite={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

function Row({ invite, onRevoke }: { invite: Invite; onRevoke(): void }) {
  const t = useWords();
  const locale = useLocale();
  const now = useNow(MINUTE);
  const state = inviteState(invite, now);
  const open = state === 'open';
  const facts = [
    invite.role === 'admin' ? t('invites.role') : null,
    t('invites.used', { used: invite.used_count, most: invite.max_uses }),
    open
      ? t('invites.ends', { when: fromNow(invite.expires_at, now, locale) })
      : t('invites.madeAt', { moment: dayAndTime(invite.created_at, locale) }),
  ];
  return (
    <li className="flex min-h-16 items-center gap-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className={classNames('wrap-anywhere', !open && 'text-muted')}>
          <span className="me-2 font-mono text-code">{invite.prefix}…</span>
          {invite.note}
        </p>
        <p className="text-meta text-muted tabular-nums">
          <span className={open ? 'font-strong text-done' : undefined}>{t(`invites.${state}`)}</span>
          {facts.filter(Boolean).map((fact) => ` · ${fact}`)}
        </p>
      </div>
      {open && (
        <Button onClick={onRevoke} aria-label={t('invites.revokeOne', { prefix: invite.prefix })}>
          {t('invites.revoke')}
        </Button>
      )}
    </li>
  );
}

function RevokeDialog({ invite, onClose }: { invite: Invite | null; onClose(): void }) {
  const t = useWords();
  const queries = useQueryClient();
  const toast = useToast();
  const revoke = async (wanted: Invite): Promise<void> => {
    const { id, prefix } = wanted;
    onClose();
    try {
      await revokeInvite(id);
      toast({ text: t('invites.isRevoked', { prefix }) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({
        text: t('invites.notRevoked', { prefix }),
        action: { label: t('shared:tryAgain'), run: () => void revoke(wanted) },
      });
    }
    await queries.invalidateQueries({ queryKey: inviteKeys.list });
  };
  return (
    <Dialog
      open={invite !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('invites.revokeHeading')}
      description={t('invites.revokeLead')}
    >
      <Actions>
        <Button onClick={onClose}>{t('invites.leave')}</Button>
        <Button weight="danger" onClick={() => invite && void revoke(invite)}>
          {t('invites.revoke')}
        </Button>
      </Actions>
    </Dialog>
  );
}

function ListSkeleton() {
  const t = useWords();
  return (
    <div className="grid gap-px" role="status" aria-label={t('invites.loading')}>
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
    </div>
  );
}
