// The door for people who have an account.
import { useState, type SyntheticEvent } from 'react';

import { hashOf, paths } from '../../../shared/config/paths';
import { usePageTitle } from '../../../shared/lib/page-title';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { PasswordField, TextField } from '../../../shared/ui/text-field';
import { signIn } from '../queries';
import type { After, AuthConfig, User } from '../session';
import { useWords } from '../words/use-words';
import { DoorFrame } from './door-frame';
import { Refusal } from './refusal';

export type SignInProps = { config: AuthConfig; after: After; onSignedIn(user: User): void };

export function SignIn({ config, after, onSignedIn }: SignInProps) {
  const t = useWords();
  usePageTitle(t('signIn'));
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const { busy, error, submit } = useSubmission(async () => onSignedIn(await signIn(config, username.trim(), password)));
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <DoorFrame heading={t('signIn')} lead={t(`leads.${after}`)} foot={<Invited />}>
      <form className="grid gap-5" onSubmit={onSubmit}>
        <TextField
          label={t('username')}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <PasswordField
          label={t('password')}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {error && <Refusal error={error} />}
        <Button type="submit" weight="primary" busy={busy}>
          {t('signIn')}
        </Button>
      </form>
    </DoorFrame>
  );
}

function Invited() {
  const t = useWords();
  return (
    <p>
      {t('invited.words')}{' '}
      <a className="text-accent underline underline-offset-3" href={hashOf(paths.join)}>
        {t('invited.link')}
      </a>
      .
    </p>
  );
}
