// Invites, for administrators.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { InviteForm } from '../features/admin/components/invite-form';
import { InviteList } from '../features/admin/components/invite-list';
import { MadeInvite } from '../features/admin/components/made-invite';
import { inviteKeys, type InviteMade } from '../features/admin/queries';
import { useSignedIn } from '../features/auth/session-context';
import { usePageTitle } from '../shared/lib/page-title';
import { PageHeading } from '../shared/ui/heading';
import { Missing } from '../shared/ui/missing';

export function InvitesRoute() {
  const { user } = useSignedIn();
  usePageTitle('Invites', '');
  return user.role === 'admin' ? <Invites /> : <Missing heading="This page is for administrators" words="Only they invite people." />;
}

function Invites() {
  const queries = useQueryClient();
  const [made, setMade] = useState<InviteMade | null>(null);
  const onMade = (invite: InviteMade): void => {
    setMade(invite);
    void queries.invalidateQueries({ queryKey: inviteKeys.list });
  };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid w-full max-w-column gap-10 px-5 pt-6 pb-16">
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
      </div>
      <MadeInvite made={made} onClose={() => setMade(null)} />
    </div>
  );
}
