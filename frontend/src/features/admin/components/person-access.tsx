// Whether and as what a person comes in: role, on and off, sign-ins, a new password.
import { useState, type ReactNode } from 'react';

import { dayAndTime } from '../../../shared/lib/moments';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { useToast } from '../../../shared/ui/toast';
import { changePerson, endSignIns, makeResetLink, type Person, type PersonChanges, type ResetMade } from '../queries';
import { refusalWords } from '../refusal-words';
import { ConfirmDialog } from './confirm-dialog';
import { OneTimeLink } from './one-time-link';

export type PersonAccessProps = { person: Person; own: boolean; onChanged(person: Person): void };

export function PersonRole({ person, own, onChanged }: PersonAccessProps) {
  const [asking, setAsking] = useState(false);
  const admin = person.role === 'admin';
  const name = person.display_name;
  return (
    <Line
      words={
        admin ? `${name} is an administrator: invites people and sees these pages.` : `${name} uses OmniAI and sees nothing of these pages.`
      }
      act={<Button onClick={() => setAsking(true)}>{admin ? 'Make an ordinary person' : 'Make an administrator'}</Button>}
    >
      <ConfirmDialog
        open={asking}
        title={admin ? `Take administration from ${name}?` : `Make ${name} an administrator?`}
        words={roleWords(admin, own)}
        act={admin ? 'Take it away' : 'Make an administrator'}
        danger={admin}
        onConfirm={async () => onChanged(await changePerson(person.id, { role: admin ? 'user' : 'admin' }))}
        onClose={() => setAsking(false)}
      />
    </Line>
  );
}

export function PersonSwitch({ person, own, onChanged }: PersonAccessProps) {
  const [asking, setAsking] = useState(false);
  const on = person.status === 'active';
  const change = async (changes: PersonChanges): Promise<void> => onChanged(await changePerson(person.id, changes));
  const { busy, error, submit } = useSubmission(change);
  if (own) return null;
  return (
    <Line
      words={
        on ? `${person.display_name} can sign in.` : `${person.display_name} is switched off and cannot sign in. Nothing of theirs is lost.`
      }
      act={
        on ? (
          <Button onClick={() => setAsking(true)}>Switch off</Button>
        ) : (
          <Button busy={busy} onClick={() => void submit({ status: 'active' })}>
            Switch on
          </Button>
        )
      }
    >
      {error && <Note requestId={error.requestId}>{refusalWords(error)}</Note>}
      <ConfirmDialog
        open={asking}
        title={`Switch ${person.display_name} off?`}
        words="Their open pages and running answers stop at once, and they cannot sign in. What they have stays, and you can switch them on again."
        act="Switch off"
        danger
        onConfirm={() => change({ status: 'disabled' })}
        onClose={() => setAsking(false)}
      />
    </Line>
  );
}

export function PersonSignIns({ person, own }: Omit<PersonAccessProps, 'onChanged'>) {
  const [asking, setAsking] = useState(false);
  const toast = useToast();
  const confirm = async (): Promise<void> => {
    await endSignIns(person.id);
    toast({ text: `${person.display_name} is signed out everywhere.` });
  };
  return (
    <Line words="Signs them out on every device." act={<Button onClick={() => setAsking(true)}>End all sign-ins</Button>}>
      <ConfirmDialog
        open={asking}
        title={own ? 'Sign yourself out everywhere?' : `Sign ${person.display_name} out everywhere?`}
        words={own ? 'This page asks for your password again.' : 'On every device, the next thing they do asks for their password.'}
        act="End all sign-ins"
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      />
    </Line>
  );
}

export function PersonReset({ person }: { person: Person }) {
  const [made, setMade] = useState<ResetMade | null>(null);
  const { busy, error, submit } = useSubmission(async (id: string) => setMade(await makeResetLink(id)));
  return (
    <Line
      words="For a forgotten password: a link with which they set a new one. It works once; an earlier link stops working."
      act={
        <Button busy={busy} onClick={() => void submit(person.id)}>
          Make a reset link
        </Button>
      }
    >
      {error && <Note requestId={error.requestId}>{refusalWords(error)} No link was made.</Note>}
      <Dialog
        open={made !== null}
        onOpenChange={(open) => !open && setMade(null)}
        title="The reset link is ready"
        description={
          made && `Give it to ${person.display_name} alone. It is shown only now, and is good until ${dayAndTime(made.expires_at)}.`
        }
      >
        {made && <OneTimeLink name="Reset link" link={made.link} onClose={() => setMade(null)} />}
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

function roleWords(admin: boolean, own: boolean): string {
  if (!admin)
    return 'Administrators invite, switch off and delete people, set limits and read the audit log. Nobody reads the messages of others.';
  return own ? 'These pages close to you at once. Only another administrator can give them back.' : 'These pages close to them at once.';
}
