// The server wants to be sure who sits here before an act that cannot be undone: asks for the password once more.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { PasswordField } from '../../../shared/ui/text-field';
import { provePassword } from '../queries';
import { Refusal } from './refusal';

export type ProofDialogProps = { username: string; onAnswer(proved: boolean): void };

export function ProofDialog({ username, onAnswer }: ProofDialogProps) {
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
    <Dialog
      open
      onOpenChange={(wanted) => !wanted && onAnswer(false)}
      title="Your password, once more"
      description="This is asked before changes that should not happen by somebody else at your device."
    >
      <form className="grid gap-5" onSubmit={onSubmit}>
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {error && <Refusal error={error} />}
        <Actions>
          <Button onClick={() => onAnswer(false)}>Leave it</Button>
          <Button type="submit" weight="primary" busy={busy}>
            Go on
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
