// Whether and as what a person comes in: role, on and off, sign-ins, a new password.
import { useState, type ReactNode } from 'react';

import { useLocale } from '../../../shared/i18n/i18n';
import { dayAndTime } from '../../../shared/lib/moments';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { useToast } from '../../../shared/ui/toast';
import { changePerson, endSignIns, makeResetLink, type Person, type PersonChanges, type ResetMade } from '../queries';
import { useRefusalWords } from '../refusal-words';
import { useWords, type AdminWords } from '../words/use-words';
import { ConfirmDialog } from './confirm-dialog';
import { OneTimeLink } from './one-time-link';

export type PersonAccessProps = { person: Person; own: boolean; onChanged(person: Person): void };

export function PersonRole({ person, own, onChanged }: PersonAccessProps) {
  const t = useWords();
  const [asking, setAsking] = useState(false);
  const admin = person.role === 'admin';
  const name = person.display_name;
  return (
    <Line
      words={t(admin ? 'role.admin' : 'role.user', { name })}
      act={<Button onClick={() => setAsking(true)}>{t(admin ? 'role.makeUser' : 'role.makeAdmin')}</Button>}
    >
      <ConfirmDialog
        open={asking}
        title={t(admin ? 'role.takeHeading' : 'role.giveHeading', { name })}
        words={roleWords(t, admin, own)}
        act={t(admin ? 'role.take' : 'role.makeAdmin')}
        danger={admin}
        onConfirm={async () => onChanged(await changePerson(person.id, { role: admin ? 'user' : 'admin' }))}
        onClose={() => setAsking(false)}
      />
    </Line>
  );
}

export function PersonSwitch({ person, own, onChanged }: PersonAccessProps) {
  const t = useWords();
  const [asking, setAsking] = useState(false);
  const refusalWords = useRefusalWords();
  const name = person.display_name;
  const on = person.status === 'active';
  const change = async (changes: PersonChanges): Promise<void> => onChanged(await changePerson(person.id, changes));
  const { busy, error, submit } = useSubmission(change);
  if (own) return null;
  return (
    <Line
      words={t(on ? 'switch.on' : 'switch.off', { name })}
      act={
        on ? (
          <Button onClick={() => setAsking(true)}>{t('switch.turnOff')}</Button>
        ) : (
          <Button busy={busy} onClick={() => void submit({ status: 'active' })}>
            {t('switch.turnOn')}
          </Button>
        )
      }
    >
      {error && <Note requestId={error.requestId}>{refusalWords(error)}</Note>}
      <ConfirmDialog
        open={asking}
        title={t('switch.heading', { name })}
        words={t('switch.words')}
        act={t('switch.turnOff')}
        danger
        onConfirm={() => change({ status: 'disabled' })}
        onClose={() => setAsking(false)}
      />
    </Line>
  );
}

export function PersonSignIns({ person, own }: Omit<PersonAccessProps, 'onChanged'>) {
  const t = useWords();
  const [asking, setAsking] = useState(false);
  const toast = useToast();
  const confirm = async (): Promise<void> => {
    await endSignIns(person.id);
    toast({ text: t('signIns.ended', { name: person.display_name }) });
  };
  return (
    <Line words={t('signIns.words')} act={<Button onClick={() => setAsking(true)}>{t('signIns.end')}</Button>}>
      <ConfirmDialog
        open={asking}
        title={own ? t('signIns.ownHeading') : t('signIns.heading', { name: person.display_name })}
        words={t(own ? 'signIns.ownLead' : 'signIns.lead')}
        act={t('signIns.end')}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      />
    </Line>
  );
}

export function PersonReset({ person }: { person: Person }) {
  const t = useWords();
  const locale = useLocale();
  const refusalWords = useRefusalWords();
  const [made, setMade] = useState<ResetMade | null>(null);
  const { busy, error, submit } = useSubmission(async (id: string) => setMade(await makeResetLink(id)));
  return (
    <Line
      words={t('reset.words')}
      act={
        <Button busy={busy} onClick={() => void submit(person.id)}>
          {t('reset.make')}
        </Button>
      }
    >
      {error && <Note requestId={error.requestId}>{t('reset.notMade', { why: refusalWords(error) })}</Note>}
      <Dialog
        open={made !== null}
        onOpenChange={(open) => !open && setMade(null)}
        title={t('reset.ready')}
        description={made && t('reset.give', { name: person.display_name, moment: dayAndTime(made.expires_at, locale) })}
      >
        {made && <OneTimeLink name={t('reset.link')} link={made.link} onClose={() => setMade(null)} />}
      </Dialog>
    </Line>
  );
}

/** What holds, and beside it the act that changes it. */
function Line({ words, act, children }: { words: string; act: ReactNode; children?: ReactNode }) {
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="min-w-52 flex-1 wrap-anywhere">{words}</p>
        {act}
      </div>
      {children}
    </div>
  );
}

function roleWords(t: AdminWords, admin: boolean, own: boolean): string {
  if (!admin) return t('role.giveWords');
  return t(own ? 'role.takeOwnWords' : 'role.takeWords');
}
