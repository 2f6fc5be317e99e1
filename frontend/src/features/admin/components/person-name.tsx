// The name that the page calls a person by.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { useToast } from '../../../shared/ui/toast';
import { changePerson, type Person } from '../queries';
import { useRefusalWords } from '../refusal-words';
import { useWords } from '../words/use-words';

export function PersonName({ person, onChanged }: { person: Person; onChanged(person: Person): void }) {
  const t = useWords();
  const refusalWords = useRefusalWords();
  const [name, setName] = useState(person.display_name);
  const toast = useToast();
  const { busy, error, problems, submit } = useSubmission(async (wanted: string) => {
    onChanged(await changePerson(person.id, { display_name: wanted }));
    toast({ text: t('name.saved') });
  });
  const wanted = name.trim();
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(wanted);
  };
  return (
    <form className="grid gap-3" onSubmit={onSubmit}>
      <div className="flex max-w-96 items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label={t('name.label')}
            name="display_name"
            autoComplete="off"
            maxLength={80}
            value={name}
            problem={problems['display_name']}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" busy={busy} disabled={wanted === '' || wanted === person.display_name}>
          {t('name.save')}
        </Button>
      </div>
      {error && <Note requestId={error.requestId}>{t('name.kept', { why: refusalWords(error) })}</Note>}
    </form>
  );
}
