// Deletes a person, once their name was typed: nothing brings them back.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { deletePerson, type Person } from '../queries';
import { refusalWords } from '../refusal-words';

export function PersonDeletion({ person, onDeleted }: { person: Person; onDeleted(): void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <p>
        Deleting removes their account, conversations and messages, sign-ins, limits and figures of use. The audit log keeps what happened,
        without their name, address and browser. This cannot be undone; switching off can.
      </p>
      <Button weight="danger" className="justify-self-start" onClick={() => setAsking(true)}>
        Delete <bdi>{person.display_name}</bdi>
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={`Delete ${person.display_name}?`}
        description="Everything of theirs will be gone for good."
      >
        <NameForm person={person} onDeleted={onDeleted} onClose={() => setAsking(false)} />
      </Dialog>
    </>
  );
}

function NameForm({ person, onDeleted, onClose }: { person: Person; onDeleted(): void; onClose(): void }) {
  const [typed, setTyped] = useState('');
  const { busy, error, submit } = useSubmission(async (id: string) => {
    await deletePerson(id);
    onDeleted();
  });
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (typed.trim() === person.username) void submit(person.id);
  };
  return (
    <form className="grid gap-5" onSubmit={onSubmit}>
      <TextField
        label="Their user name"
        name="confirmation"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        hint={`Type ${person.username} to show that you mean this person.`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && <Note requestId={error.requestId}>{refusalWords(error)} Nothing was deleted.</Note>}
      <Actions>
        <Button onClick={onClose}>Keep them</Button>
        <Button type="submit" weight="danger" busy={busy} disabled={typed.trim() !== person.username}>
          Delete for good
        </Button>
      </Actions>
    </form>
  );
}
