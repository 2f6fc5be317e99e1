// A new password for somebody who knows the old one. It signs every other device out.
import { useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords, waitWords } from '../../../shared/i18n/refusals';
import { useSubmission, type Problems } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { PasswordField } from '../../../shared/ui/text-field';
import { useToast } from '../../../shared/ui/toast';
import { changePassword, signInKeys } from '../queries';

type Change = { current: string; wanted: string };

export function PasswordForm({ username }: { username: string }) {
  const t = useSharedWords();
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const queries = useQueryClient();
  const toast = useToast();
  const { busy, error, problems, submit } = useSubmission<Change>(
    async (change) => {
      await changePassword(change.current, change.wanted);
      setCurrent('');
      setWanted('');
      await queries.invalidateQueries({ queryKey: signInKeys.all });
      toast({ text: 'Your new password is saved. Every other device is signed out.' });
    },
    { check, fieldOf: ({ code }) => (code === 'INVALID_CREDENTIALS' ? 'current_password' : null) },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit({ current, wanted });
  };
  return (
    <form className="grid max-w-96 gap-4" onSubmit={onSubmit} noValidate>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <PasswordField
        label="Present password"
        name="current-password"
        autoComplete="current-password"
        value={current}
        problem={problems['current_password'] && 'This is not your present password.'}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <PasswordField
        label="New password"
        name="new-password"
        autoComplete="new-password"
        hint="A few words are easier to keep than signs."
        value={wanted}
        problem={problems['new_password']}
        onChange={(event) => setWanted(event.target.value)}
      />
      {error && <Note requestId={error.requestId}>{waitWords(t, error) ?? errorWords(t, error)} The old password is kept.</Note>}
      <Button type="submit" className="justify-self-start" busy={busy} disabled={current === '' || wanted === ''}>
        Change the password
      </Button>
    </form>
  );
}

function check({ current, wanted }: Change): Problems {
  return current === wanted ? { new_password: 'This is your present password.' } : {};
}
