// The server wants to be sure who sits here before an act that cannot be undone: asks for the password once more.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { PasswordField } from '../../../shared/ui/text-field';
import { provePassword } from '../queries';
import { useWords } from '../words/use-words';
import { Refusal } from './refusal';

export type ProofDialogProps = { username: string; onAnswer(proved: boolean): void };

export function ProofDialog({ username, onAnswer }: ProofDialogProps) {
  const t = useWords();
  const [password, setPassword] = useState('');
  const { busy, error, submit } = useSubmission(async (given: string) => {
    await provePassword(given);
    onAnswer(true);
  });
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    // The dialog may stand inside another form in React's tree.
    event.stopPropagation();
    void submit(password);
  };
  return (
    <Dialog open onOpenChange={(wanted) => !wanted && onAnswer(false)} title={t('proof.title')} description={t('proof.words')}>
      <form className="grid gap-5" onSubmit={onSubmit}>
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
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
          <Button onClick={() => onAnswer(false)}>{t('proof.leave')}</Button>
          <Button type="submit" weight="primary" busy={busy}>
            {t('proof.goOn')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
