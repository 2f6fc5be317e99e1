// Invites, for administrators.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { InviteForm } from '../features/admin/components/invite-form';
import { InviteList } from '../features/admin/components/invite-list';
import { MadeInvite } from '../features/admin/components/made-invite';
import { inviteKeys, type InviteMade } from '../features/admin/queries';
import { useWords } from '../features/admin/words/use-words';
import { usePageTitle } from '../shared/lib/page-title';
import { PageHeading } from '../shared/ui/heading';

export function InvitesRoute() {
  const t = useWords();
  const queries = useQueryClient();
  const [made, setMade] = useState<InviteMade | null>(null);
  usePageTitle(t('nav.invites'), '');
  const onMade = (invite: InviteMade): void => {
    setMade(invite);
    void queries.invalidateQueries({ queryKey: inviteKeys.list });
  };
  return (
    <>
      <div className="grid gap-2">
        <PageHeading>{t('nav.invites')}</PageHeading>
        <p className="text-read text-muted">{t('leads.invites')}</p>
      </div>
      <InviteForm onMade={onMade} />
      <section aria-labelledby="invites-made" className="grid gap-3">
        <h2 id="invites-made" className="text-title font-strong">
          {t('invites.made')}
        </h2>
        <InviteList />
      </section>
      <MadeInvite made={made} onClose={() => setMade(null)} />
    </>
  );
}
