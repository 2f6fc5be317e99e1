// Makes an invite: how long, for how many, as what, and a line to the invited.
import { useState, type SyntheticEvent } from 'react';

import { useSubmission, type Problems } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Choice } from '../../../shared/ui/choice';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { createInvite, type InviteMade, type NewInvite } from '../queries';
import { useRefusalWords } from '../refusal-words';
import { useWords, type AdminWords } from '../words/use-words';

type Hours = '24' | '72' | '168' | '720';

const MOST_USES = 1000;

export function InviteForm({ onMade }: { onMade(made: InviteMade): void }) {
  const t = useWords();
  const refusalWords = useRefusalWords();
  const [hours, setHours] = useState<Hours>('72');
  const [uses, setUses] = useState('1');
  const [role, setRole] = useState<NewInvite['role']>('user');
  const [note, setNote] = useState('');
  const { busy, error, problems, submit } = useSubmission<NewInvite>(
    async (invite) => {
      onMade(await createInvite(invite));
      setNote('');
    },
    { check: (invite) => check(t, invite) },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit({ expires_in_hours: Number(hours), max_uses: uses.trim() === '' ? Number.NaN : Number(uses), role, note: note.trim() });
  };
  return (
    <form className="grid gap-5" onSubmit={onSubmit} noValidate>
      <div className="flex flex-wrap gap-x-8 gap-y-5">
        <Choice label={t('invites.lasting')} value={hours} options={lastingOf(t)} onChange={setHours} />
        <Choice
          label={t('invites.joinsAs')}
          value={role}
          options={(['user', 'admin'] as const).map((value) => ({ value, label: t(`invites.${value}`) }))}
          onChange={setRole}
        />
      </div>
      <div className="grid gap-5 sm:grid-cols-[10rem_1fr]">
        <TextField
          label={t('invites.uses')}
          name="max_uses"
          inputMode="numeric"
          autoComplete="off"
          value={uses}
          problem={problems['max_uses']}
          onChange={(event) => setUses(event.target.value)}
        />
        <TextField
          label={t('invites.note')}
          name="note"
          autoComplete="off"
          optional
          maxLength={200}
          value={note}
          problem={problems['note']}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      {error && <Note requestId={error.requestId}>{t('invites.notMade', { why: refusalWords(error) })}</Note>}
      <Button type="submit" weight="primary" className="sm:justify-self-start" busy={busy}>
        {t('invites.make')}
      </Button>
    </form>
  );
}

function lastingOf(t: AdminWords): { value: Hours; label: string }[] {
  return [
    { value: '24', label: t('invites.days', { count: 1 }) },
    { value: '72', label: t('invites.days', { count: 3 }) },
    { value: '168', label: t('invites.week') },
    { value: '720', label: t('invites.days', { count: 30 }) },
  ];
}

function check(t: AdminWords, { max_uses: uses }: NewInvite): Problems {
  const fits = Number.isInteger(uses) && uses >= 1 && uses <= MOST_USES;
  return fits ? {} : { max_uses: t('invites.usesProblem', { most: String(MOST_USES) }) };
}
