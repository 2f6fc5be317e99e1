// The end of an account, by its own person: said plainly, meant for sure.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { closeAccount } from '../queries';

export type CloseAccountProps = { username: string; onClosed(): void };

export function CloseAccount(props: CloseAccountProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <p className="text-muted">
        Your conversations and everything else that is yours are deleted from the server. Nobody can bring them back.
      </p>
      <Button className="justify-self-start" onClick={() => setOpen(true)}>
        Close my account …
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Close your account?"
        description="Everything that is yours here is deleted for good."
      >
        <Confirmation {...props} onLeave={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Confirmation({ username, onClosed, onLeave }: CloseAccountProps & { onLeave(): void }) {
  const [typed, setTyped] = useState('');
  const { busy, error, submit } = useSubmission<null>(async () => {
    await closeAccount();
    onClosed();
  });
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(null);
  };
  return (
    <form className="grid gap-5" onSubmit={onSubmit}>
      <TextField
        label="Your user name"
        name="confirmation"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        hint={`Type ${username} to show that you mean it.`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && (
        <Note requestId={error.requestId}>
          {error.code === 'LAST_ADMIN' ? 'You are the only administrator. Make somebody else one first.' : error.message} Nothing was
          deleted.
        </Note>
      )}
      <Actions>
        <Button onClick={onLeave}>Keep it</Button>
        <Button type="submit" weight="danger" busy={busy} disabled={typed.trim() !== username}>
          Delete everything
        </Button>
      </Actions>
    </form>
  );
}
