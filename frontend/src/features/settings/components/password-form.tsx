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
import { useWords, type SettingsWords } from '../words/use-words';

type Change = { current: string; wanted: string };

export function PasswordForm({ username }: { username: string }) {
  const t = useWords();
  const shared = useSharedWords();
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
      toast({ text: t('password.changed') });
    },
    { check: (change) => check(t, change), fieldOf: ({ code }) => (code === 'INVALID_CREDENTIALS' ? 'current_password' : null) },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit({ current, wanted });
  };
  return (
    <form className="grid max-w-96 gap-4" onSubmit={onSubmit} noValidate>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <PasswordField
        label={t('password.current')}
        name="current-password"
        autoComplete="current-password"
        value={current}
        problem={problems['current_password'] && t('password.wrong')}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <PasswordField
        label={t('password.wanted')}
        name="new-password"
        autoComplete="new-password"
        hint={t('password.hint')}
        value={wanted}
        problem={problems['new_password']}
        onChange={(event) => setWanted(event.target.value)}
      />
      {error && (
        <Note requestId={error.requestId}>{t('password.kept', { why: waitWords(shared, error) ?? errorWords(shared, error) })}</Note>
      )}
      <Button type="submit" className="justify-self-start" busy={busy} disabled={current === '' || wanted === ''}>
        {t('password.change')}
      </Button>
    </form>
  );
}

function check(t: SettingsWords, { current, wanted }: Change): Problems {
  return current === wanted ? { new_password: t('password.same') } : {};
}
