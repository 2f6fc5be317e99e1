// The sign-in has ended while the page is open: asks for the password in place, so that nothing on the page is lost.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { PasswordField } from '../../../shared/ui/text-field';
import { signIn } from '../queries';
import type { AuthConfig, User } from '../session';
import { useWords } from '../words/use-words';
import { Refusal } from './refusal';

export type ExpiredDialogProps = { config: AuthConfig; user: User; onSignedIn(user: User): void; onSignOut(): void };

export function ExpiredDialog({ config, user, onSignedIn, onSignOut }: ExpiredDialogProps) {
  const t = useWords();
  const [password, setPassword] = useState('');
  const { busy, error, submit } = useSubmission(async () => onSignedIn(await signIn(config, user.username, password)));
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <Dialog
      open
      insistent
      onOpenChange={() => undefined}
      title={t('expired.title')}
      description={t('expired.words', { username: user.username })}
    >
      <form className="grid gap-5" onSubmit={onSubmit}>
        <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
        <PasswordField
          label={t('password')}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {error && <Refusal error={error} />}
        <Actions>
          <Button onClick={onSignOut}>{t('expired.signOut')}</Button>
          <Button type="submit" weight="primary" busy={busy}>
            {t('signIn')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
