// Asks before an act, runs it, and says in place why it was refused. Knows no act.
import type { ReactNode } from 'react';

import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { Note } from '../../../shared/ui/note';
import { useRefusalWords } from '../refusal-words';
import { useWords } from '../words/use-words';

export type ConfirmDialogProps = {
  open: boolean;
  title: string;
  words: ReactNode;
  act: string;
  danger?: boolean;
  /** Resolves once the act is done; the dialog then closes. */
  onConfirm(): Promise<void>;
  onClose(): void;
};

export function ConfirmDialog({ open, title, words, onClose, ...rest }: ConfirmDialogProps) {
  return (
    <Dialog open={open} onOpenChange={(wanted) => !wanted && onClose()} title={title} description={words}>
      <Answers {...rest} onClose={onClose} />
    </Dialog>
  );
}

function Answers({ act, danger = false, onConfirm, onClose }: Pick<ConfirmDialogProps, 'act' | 'danger' | 'onConfirm' | 'onClose'>) {
  const t = useWords();
  const refusalWords = useRefusalWords();
  const { busy, error, submit } = useSubmission<null>(async () => {
    await onConfirm();
    onClose();
  });
  return (
    <>
      {error && <Note requestId={error.requestId}>{refusalWords(error)}</Note>}
      <Actions>
        <Button onClick={onClose}>{t('leave')}</Button>
        <Button weight={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void submit(null)}>
          {act}
        </Button>
      </Actions>
    </>
  );
}
