// The three lines of a new account, for the owner and for the invited alike.
import { useState, type SyntheticEvent } from 'react';

import type { ApiError } from '../../../shared/api/errors';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { PasswordField, TextField } from '../../../shared/ui/text-field';
import { checkAccount } from '../account-rules';
import type { NewAccount } from '../queries';
import type { AuthConfig } from '../session';
import { useWords } from '../words/use-words';
import { Refusal } from './refusal';

export type AccountFormProps = {
  config: AuthConfig;
  submitLabel: string;
  act(account: NewAccount): Promise<void>;
  /** Words for a refusal that mean more here than the server's. */
  explain?(error: ApiError): string | null;
};

export function AccountForm({ config, submitLabel, act, explain }: AccountFormProps) {
  const t = useWords();
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const { busy, error, problems, submit } = useSubmission<NewAccount>(act, {
    check: (account) => checkAccount(t, account, config),
    fieldOf: ({ code }) => (code === 'USERNAME_EXISTS' ? 'username' : null),
  });
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit({ username: username.trim(), password, displayName: displayName.trim() });
  };
  return (
    <form className="grid gap-5" onSubmit={onSubmit} noValidate>
      <TextField
        label={t('username')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        hint={t('usernameRule')}
        value={username}
        problem={problems['username']}
        onChange={(event) => setUsername(event.target.value)}
      />
      <TextField
        label={t('displayName')}
        name="name"
        autoComplete="name"
        optional
        maxLength={80}
        value={displayName}
        problem={problems['display_name']}
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <PasswordField
        label={t('password')}
        name="password"
        autoComplete="new-password"
        hint={t('passwordRule', { least: config.password_rules.min_length })}
        value={password}
        problem={problems['password']}
        onChange={(event) => setPassword(event.target.value)}
      />
      {error && <Refusal error={error} words={explain?.(error) ?? null} />}
      <Button type="submit" weight="primary" busy={busy}>
        {submitLabel}
      </Button>
    </form>
  );
}
