// Makes an invite: how long, for how many, as what, and a line to the invited.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission, type Problems } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Choice } from '../../../shared/ui/choice';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { createInvite, type InviteMade, type NewInvite } from '../queries';

const LASTING = [
  { value: '24', label: '1 day' },
  { value: '72', label: '3 days' },
  { value: '168', label: '1 week' },
  { value: '720', label: '30 days' },
] as const;

const ROLES = [
  { value: 'user', label: 'Person' },
  { value: 'admin', label: 'Administrator' },
] as const;

const MOST_USES = 1000;

export function InviteForm({ onMade }: { onMade(made: InviteMade): void }) {
  const [hours, setHours] = useState<(typeof LASTING)[number]['value']>('72');
  const [uses, setUses] = useState('1');
  const [role, setRole] = useState<NewInvite['role']>('user');
  const [note, setNote] = useState('');
  const { busy, error, problems, submit } = useSubmission<NewInvite>(
    async (invite) => {
      onMade(await createInvite(invite));
      setNote('');
    },
    { check },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit({ expires_in_hours: Number(hours), max_uses: uses.trim() === '' ? Number.NaN : Number(uses), role, note: note.trim() });
  };
  return (
    <form className="grid gap-5" onSubmit={onSubmit} noValidate>
      <div className="flex flex-wrap gap-x-8 gap-y-5">
        <Choice label="Good for" value={hours} options={LASTING} onChange={setHours} />
        <Choice label="Joins as" value={role} options={ROLES} onChange={setRole} />
      </div>
      <div className="grid gap-5 sm:grid-cols-[10rem_1fr]">
        <TextField
          label="How many people"
          name="max_uses"
          inputMode="numeric"
          autoComplete="off"
          value={uses}
          problem={problems['max_uses']}
          onChange={(event) => setUses(event.target.value)}
        />
        <TextField
          label="A line to them"
          name="note"
          autoComplete="off"
          optional
          maxLength={200}
          value={note}
          problem={problems['note']}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      {error && <Note requestId={error.requestId}>{error.message} No invite was made.</Note>}
      <Button type="submit" weight="primary" className="sm:justify-self-start" busy={busy}>
        Make an invite
      </Button>
    </form>
  );
}

function check({ max_uses: uses }: NewInvite): Problems {
  const fits = Number.isInteger(uses) && uses >= 1 && uses <= MOST_USES;
  return fits ? {} : { max_uses: `A number from 1 to ${MOST_USES}.` };
}
