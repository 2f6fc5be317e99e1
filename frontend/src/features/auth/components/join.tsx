// The door for invited people: who invited them, what the owner can and cannot see, and their account.
import { useEffect, useState, type SyntheticEvent } from 'react';

import { ApiError } from '../../../shared/api/errors';
import { hashOf, paths } from '../../../shared/config/paths';
import { dayAndTime } from '../../../shared/lib/moments';
import { usePageTitle } from '../../../shared/lib/page-title';
import { Button } from '../../../shared/ui/button';
import { Skeleton } from '../../../shared/ui/skeleton';
import { TextField } from '../../../shared/ui/text-field';
import { codeIn } from '../door';
import { join, lookAtInvite, type InviteOffer } from '../queries';
import type { AuthConfig, User } from '../session';
import { AccountForm } from './account-form';
import { DoorFrame } from './door-frame';
import { Refusal } from './refusal';

export type JoinProps = { config: AuthConfig; code: string | null; onSignedIn(user: User): void };
type Look = { is: 'looking' } | { is: 'offered'; offer: InviteOffer } | { is: 'refused'; error: ApiError };

export function Join({ config, code, onSignedIn }: JoinProps) {
  usePageTitle('Join');
  const [look, setLook] = useState<Look>({ is: 'looking' });
  useEffect(() => {
    if (code) void lookUp(code).then(setLook);
  }, [code]);

  if (!code) return <EnterCode />;
  if (look.is === 'refused') return <Refused error={look.error} onRetry={() => void lookUp(code).then(setLook)} />;
  return (
    <DoorFrame
      heading={look.is === 'looking' ? 'You are invited' : invitation(look.offer)}
      lead={look.is === 'looking' ? <Skeleton className="h-6 w-64" /> : <Offer offer={look.offer} />}
      aside={<WhatIsSeen />}
      foot={<HaveAccount />}
    >
      <AccountForm
        config={config}
        submitLabel="Make the account"
        act={async (account) => onSignedIn(await join(config, code, account))}
        explain={({ code: wrong }) =>
          wrong === 'INVALID_INVITE'
            ? 'This invite is no longer good: it was used, it ran out, or it was taken back. Ask for a new one.'
            : null
        }
      />
    </DoorFrame>
  );
}

async function lookUp(code: string): Promise<Look> {
  try {
    return { is: 'offered', offer: await lookAtInvite(code) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { is: 'refused', error };
  }
}

function invitation({ invited_by: name }: InviteOffer): string {
  return name ? `${name} invites you` : 'You are invited';
}

function Offer({ offer }: { offer: InviteOffer }) {
  return (
    <>
      {offer.note && <p className="mb-2 border-l-2 border-lamp pl-3 text-ink wrap-anywhere">{offer.note}</p>}
      <p>The invite is good until {dayAndTime(offer.expires_at)}.</p>
    </>
  );
}

function WhatIsSeen() {
  return (
    <section aria-labelledby="what-is-seen" className="grid gap-2 rounded-panel bg-panel px-4 py-3.5 text-frame">
      <h2 id="what-is-seen" className="font-strong">
        Who can see what you write
      </h2>
      <ul className="grid gap-1.5 text-muted">
        <li>On this page, only you. No account, not even an administrator’s, opens another’s conversations.</li>
        <li>On the machine, its owner. Questions and answers are stored in a database there, and whoever runs it can read that.</li>
        <li>Your questions go to the model servers that the owner has set up.</li>
      </ul>
    </section>
  );
}

function EnterCode() {
  const [text, setText] = useState('');
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const code = codeIn(text);
    if (code !== '') window.location.hash = `${hashOf(paths.join)}?code=${encodeURIComponent(code)}`;
  };
  return (
    <DoorFrame heading="Join with an invite" lead="The person who invited you has sent a link or a code." foot={<HaveAccount />}>
      <form className="grid gap-5" onSubmit={onSubmit}>
        <TextField
          label="Link or code"
          name="code"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" weight="primary">
          Continue
        </Button>
      </form>
    </DoorFrame>
  );
}

function Refused({ error, onRetry }: { error: ApiError; onRetry(): void }) {
  const bad = error.code === 'INVALID_INVITE';
  return (
    <DoorFrame
      lamp={bad ? 'dim' : 'out'}
      heading={bad ? 'This invite is not good' : 'The invite could not be looked up'}
      lead={
        bad
          ? 'It was used, it ran out, it was taken back, or part of its link is missing. Ask the person who invited you for a new one.'
          : undefined
      }
      foot={<HaveAccount />}
    >
      {!bad && (
        <>
          <Refusal error={error} />
          <Button onClick={onRetry}>Try again</Button>
        </>
      )}
    </DoorFrame>
  );
}

function HaveAccount() {
  return (
    <p>
      You have an account?{' '}
      <a className="text-accent underline underline-offset-3" href={hashOf(paths.signIn)}>
        Sign in
      </a>
    </p>
  );
}
