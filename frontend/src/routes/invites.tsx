// Invites, for administrators.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { InviteForm } from '../features/admin/components/invite-form';
import { InviteList } from '../features/admin/components/invite-list';
import { MadeInvite } from '../features/admin/components/made-invite';
import { inviteKeys, type InviteMade } from '../features/admin/queries';
import { usePageTitle } from '../shared/lib/page-title';
import { PageHeading } from '../shared/ui/heading';

export function InvitesRoute() {
  const queries = useQueryClient();
  const [made, setMade] = useState<InviteMade | null>(null);
  usePageTitle('Invites', '');
  const onMade = (invite: InviteMade): void => {
    setMade(invite);
    void queries.invalidateQueries({ queryKey: inviteKeys.list });
  };
  return (
    <>
      <div className="grid gap-2">
        <PageHeading>Invites</PageHeading>
        <p className="text-read text-muted">
          Whoever has an invite’s link can make an account here. This page shows how often it was used, never what people write.
        </p>
      </div>
      <InviteForm onMade={onMade} />
      <section aria-labelledby="invites-made" className="grid gap-3">
        <h2 id="invites-made" className="text-title font-strong">
          Made so far
        </h2>
        <InviteList />
      </section>
      <MadeInvite made={made} onClose={() => setMade(null)} />
    </>
  );
}
