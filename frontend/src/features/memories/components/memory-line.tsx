// One memory: what it says, where it comes from, and a place to say it otherwise.
import { useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { useLocale, useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { fromNow, isJustNow } from '../../../shared/lib/moments';
import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { useToast } from '../../../shared/ui/toast';
import { changeMemory, forgetMemory, memoryKeys, type Memory } from '../queries';
import { useWords } from '../words/use-words';

export function MemoryLine({ memory }: { memory: Memory }) {
  const [editing, setEditing] = useState(false);
  return (
    <li className="py-3">
      {editing ? <Editing memory={memory} onDone={() => setEditing(false)} /> : <Shown memory={memory} onEdit={() => setEditing(true)} />}
    </li>
  );
}

function Shown({ memory: { id, content, source, created_at: at }, onEdit }: { memory: Memory; onEdit(): void }) {
  const t = useWords();
  const shared = useSharedWords();
  const locale = useLocale();
  const now = useNow(MINUTE);
  const toast = useToast();
  const { busy, error, submit } = useChange(async () => {
    await forgetMemory(id);
    toast({ text: t('forgotten') });
  });
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-60">
          <p className="wrap-anywhere">{content}</p>
          <p className="text-meta text-muted">
            {isJustNow(at, now)
              ? t('justNow', { source: t(`source.${source}`) })
              : t('line', { source: t(`source.${source}`), when: fromNow(at, now, locale) })}
          </p>
        </div>
        <div className="-ms-3.5 flex sm:ms-0">
          <Button weight="plain" aria-label={t('editOf', { content })} onClick={onEdit}>
            {t('edit')}
          </Button>
          <Button weight="plain" busy={busy} aria-label={t('forgetOf', { content })} onClick={() => void submit(null)}>
            {t('forget')}
          </Button>
        </div>
      </div>
      {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
    </div>
  );
}

function Editing({ memory: { id, content }, onDone }: { memory: Memory; onDone(): void }) {
  const t = useWords();
  const shared = useSharedWords();
  const [wanted, setWanted] = useState(content);
  const { busy, error, problems, submit } = useChange(async () => {
    await changeMemory(id, wanted.trim());
    onDone();
  });
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(null);
  };
  return (
    <form className="grid gap-3" onSubmit={onSubmit} data-own-escape>
      <TextField
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of what was pressed
        autoFocus
        label={t('editing')}
        maxLength={2000}
        value={wanted}
        problem={problems['content']}
        onChange={(event) => setWanted(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
      />
      {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
      <div className="flex gap-2">
        <Button type="submit" weight="primary" busy={busy} disabled={wanted.trim() === ''}>
          {t('keep')}
        </Button>
        <Button onClick={onDone}>{t('leave')}</Button>
      </div>
    </form>
  );
}

/** An act after which the list is read again. */
function useChange(act: () => Promise<void>) {
  const queries = useQueryClient();
  return useSubmission<null>(async () => {
    await act();
    await queries.invalidateQueries({ queryKey: memoryKeys.all });
  });
}
