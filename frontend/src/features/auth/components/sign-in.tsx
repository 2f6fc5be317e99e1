// The door for people who have an account.
import { useState, type SyntheticEvent } from 'react';

import { hashOf, paths } from '../../../shared/config/paths';
import { usePageTitle } from '../../../shared/lib/page-title';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { PasswordField, TextField } from '../../../shared/ui/text-field';
import { signIn } from '../queries';
import type { After, AuthConfig, User } from '../session';
import { DoorFrame } from './door-frame';
import { Refusal } from './refusal';

export type SignInProps = { config: AuthConfig; after: After; onSignedIn(user: User): void };

const LEADS: Record<After, string> = {
  nothing: 'A private place to ask, at home.',
  signOut: 'You are signed out. Drafts stay on this device.',
  reset: 'Your new password is saved. Sign in with it.',
  closing: 'Your account is closed. Everything that was yours is deleted.',
};

export function SignIn({ config, after, onSignedIn }: SignInProps) {
  usePageTitle('Sign in');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const { busy, error, submit } = useSubmission(async () => onSignedIn(await signIn(config, username.trim(), password)));
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <DoorFrame heading="Sign in" lead={LEADS[after]} foot={<Invited />}>
      <form className="grid gap-5" onSubmit={onSubmit}>
        <TextField
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {error && <Refusal error={error} />}
        <Button type="submit" weight="primary" busy={busy}>
          Sign in
        </Button>
      </form>
    </DoorFrame>
  );
}

function Invited() {
  return (
    <p>
      No account yet? Open the link of your invite, or{' '}
      <a className="text-accent underline underline-offset-3" href={hashOf(paths.join)}>
        enter its code
      </a>
      .
    </p>
  );
}
