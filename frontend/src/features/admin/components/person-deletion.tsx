// Deletes a person, once their name was typed: nothing brings them back.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { deletePerson, type Person } from '../queries';
import { useRefusalWords } from '../refusal-words';
import { useWords } from '../words/use-words';

export function PersonDeletion({ person, onDeleted }: { person: Person; onDeleted(): void }) {
  const t = useWords();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <p>{t('deletion.words')}</p>
      <Button weight="danger" className="justify-self-start" onClick={() => setAsking(true)}>
        {t('deletion.open')} <bdi>{person.display_name}</bdi>
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={t('deletion.heading', { name: person.display_name })}
        description={t('deletion.lead')}
      >
        <NameForm person={person} onDeleted={onDeleted} onClose={() => setAsking(false)} />
      </Dialog>
    </>
  );
}

function NameForm({ person, onDeleted, onClose }: { person: Person; onDeleted(): void; onClose(): void }) {
  const t = useWords();
  const refusalWords = useRefusalWords();
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
        label={t('deletion.username')}
        name="confirmation"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        hint={t('deletion.hint', { username: person.username })}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && <Note requestId={error.requestId}>{t('deletion.kept', { why: refusalWords(error) })}</Note>}
      <Actions>
        <Button onClick={onClose}>{t('deletion.leave')}</Button>
        <Button type="submit" weight="danger" busy={busy} disabled={typed.trim() !== person.username}>
          {t('deletion.act')}
        </Button>
      </Actions>
    </form>
  );
}
