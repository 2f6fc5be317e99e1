// The end of an account, by its own person: said plainly, meant for sure.
import { useState, type SyntheticEvent } from 'react';

import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { closeAccount } from '../queries';
import { useWords } from '../words/use-words';

export type CloseAccountProps = { username: string; onClosed(): void };

export function CloseAccount(props: CloseAccountProps) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <p className="text-muted">{t('closing.words')}</p>
      <Button className="justify-self-start" onClick={() => setOpen(true)}>
        {t('closing.open')}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={t('closing.heading')} description={t('closing.lead')}>
        <Confirmation {...props} onLeave={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Confirmation({ username, onClosed, onLeave }: CloseAccountProps & { onLeave(): void }) {
  const t = useWords();
  const shared = useSharedWords();
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
        label={t('closing.username')}
        name="confirmation"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        hint={t('closing.hint', { username })}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && (
        <Note requestId={error.requestId}>
          {t('closing.kept', { why: error.code === 'LAST_ADMIN' ? t('closing.onlyAdmin') : errorWords(shared, error) })}
        </Note>
      )}
      <Actions>
        <Button onClick={onLeave}>{t('closing.leave')}</Button>
        <Button type="submit" weight="danger" busy={busy} disabled={typed.trim() !== username}>
          {t('closing.act')}
        </Button>
      </Actions>
    </form>
  );
}
