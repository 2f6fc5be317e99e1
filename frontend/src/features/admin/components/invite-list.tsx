// The invites made so far, newest first, and the way to take one back.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { ApiError } from '../../../shared/api/errors';
import { classNames } from '../../../shared/lib/class-names';
import { dayAndTime, fromNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { useToast } from '../../../shared/ui/toast';
import { inviteState } from '../invite-state';
import { inviteKeys, invitesQuery, revokeInvite, type Invite } from '../queries';

export function InviteList() {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(invitesQuery);
  const [revoking, setRevoking] = useState<Invite | null>(null);
  if (isPending) return <ListSkeleton />;
  if (data === undefined) {
    const retry = <Button onClick={() => void refetch()}>Try again</Button>;
    return (
      <Note requestId={error instanceof ApiError ? error.requestId : null} act={retry}>
        The invites could not be loaded.
      </Note>
    );
  }
  const invites = data.pages.flatMap((page) => page.items);
  if (invites.length === 0) return <p className="text-muted">No invite has been made yet.</p>;
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {invites.map((invite) => (
          <Row key={invite.id} invite={invite} onRevoke={() => setRevoking(invite)} />
        ))}
      </ul>
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()} className="mt-4">
          Show older ones
        </Button>
      )}
      <RevokeDialog invite={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

function Row({ invite, onRevoke }: { invite: Invite; onRevoke(): void }) {
  const now = useNow(MINUTE);
  const state = inviteState(invite, now);
  const open = state === 'open';
  const facts = [
    invite.role === 'admin' ? 'administrator' : null,
    `${invite.used_count} of ${invite.max_uses} used`,
    open ? `ends ${fromNow(invite.expires_at, now, 'en')}` : `made ${dayAndTime(invite.created_at)}`,
  ];
  return (
    <li className="flex min-h-16 items-center gap-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className={classNames('wrap-anywhere', !open && 'text-muted')}>
          <span className="mr-2 font-mono text-code">{invite.prefix}…</span>
          {invite.note}
        </p>
        <p className="text-meta text-muted tabular-nums">
          <span className={open ? 'font-strong text-done' : undefined}>{state}</span>
          {facts.filter(Boolean).map((fact) => ` · ${fact}`)}
        </p>
      </div>
      {open && (
        <Button onClick={onRevoke} aria-label={`Revoke the invite ${invite.prefix}…`}>
          Revoke
        </Button>
      )}
    </li>
  );
}

function RevokeDialog({ invite, onClose }: { invite: Invite | null; onClose(): void }) {
  const queries = useQueryClient();
  const toast = useToast();
  const revoke = async (wanted: Invite): Promise<void> => {
    const { id, prefix } = wanted;
    onClose();
    try {
      await revokeInvite(id);
      toast({ text: `The invite ${prefix}… is revoked.` });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({
        text: `The invite ${prefix}… could not be revoked. It is still open.`,
        action: { label: 'Try again', run: () => void revoke(wanted) },
      });
    }
    await queries.invalidateQueries({ queryKey: inviteKeys.list });
  };
  return (
    <Dialog
      open={invite !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Revoke this invite?"
      description="Its link stops working at once. Whoever has joined with it stays."
    >
      <Actions>
        <Button onClick={onClose}>Keep it</Button>
        <Button weight="danger" onClick={() => invite && void revoke(invite)}>
          Revoke
        </Button>
      </Actions>
    </Dialog>
  );
}

function ListSkeleton() {
  return (
    <div className="grid gap-px" role="status" aria-label="Loading the invites">
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
    </div>
  );
}
