// Everything behind the gate, in one chunk of its own, so that the doors stay light.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Router } from 'wouter';

import type { Session, User } from '../features/auth/session';
import { hashRouting } from '../shared/lib/hash-location';
import { componentOf } from '../shared/lib/part-of';
import { useToast } from '../shared/ui/toast';
import { keepPage, watchForReplacement } from './keep-page';
import { Proof } from './proof';
import { Providers } from './providers';
import { Shell } from './shell';
import { useWords } from './words/use-words';

const ExpiredDialog = componentOf(async () => (await import('../features/auth/components/expired-dialog')).ExpiredDialog);

export type InsideProps = {
  user: User;
  expired: Extract<Session, { is: 'expired' }> | null;
  onSignedIn(user: User): void;
  onLeave(): void;
};

export function Inside({ user, expired, onSignedIn, onLeave }: InsideProps) {
  return (
    <Providers>
      <Refresh expired={expired !== null} />
      <Newer />
      <Router {...hashRouting}>
        <Shell />
      </Router>
      <Proof username={user.username} />
      {expired && <ExpiredDialog config={expired.config} user={expired.user} onSignedIn={onSignedIn} onSignOut={onLeave} />}
    </Providers>
  );
}

/** Keeps the page for those who come in. A newer build is kept already: whoever wishes has it at once, others when they load the page next. */
function Newer() {
  const t = useWords();
  const toast = useToast();
  useEffect(keepPage, []);
  useEffect(
    () =>
      watchForReplacement(() => toast({ text: t('newer.words'), action: { label: t('newer.load'), run: () => window.location.reload() } })),
    [t, toast],
  );
  return null;
}

/** What was refused while the sign-in had ended is asked for again once it is renewed. */
function Refresh({ expired }: { expired: boolean }) {
  const queries = useQueryClient();
  const before = useRef(expired);
  useEffect(() => {
    if (before.current && !expired) void queries.invalidateQueries();
    before.current = expired;
  }, [expired, queries]);
  return null;
}
