// The frame of a form for one of one's own things: what went wrong below its lines, saving and leaving.
import type { ReactNode, SyntheticEvent } from 'react';

import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import type { Submission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { useWords } from '../words/use-words';

export type KeptFormProps<Lines> = {
  lines: Lines;
  submission: Submission<Lines>;
  onLeft(): void;
  children: ReactNode;
};

export function KeptForm<Lines>({ lines, submission, onLeft, children }: KeptFormProps<Lines>) {
  const t = useWords();
  const shared = useSharedWords();
  const { busy, error, problems, submit } = submission;
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(lines);
  };
  const full = problems['preferences'] !== undefined;
  const why = error ? errorWords(shared, error) : full ? t('full') : undefined;
  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-4">
      {children}
      {why !== undefined && <Note requestId={error?.requestId ?? null}>{t('unsaved', { why })}</Note>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" weight="primary" busy={busy}>
          {t('save')}
        </Button>
        <Button onClick={onLeft}>{t('leave')}</Button>
      </div>
    </form>
  );
}

/** The button that opened the form is gone, and its focus with it. */
export function focus(input: HTMLInputElement | null): void {
  input?.focus();
}
