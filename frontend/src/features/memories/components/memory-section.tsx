// Memory in the settings: whether one is remembered, and everything that is.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { changePreferences, type User } from '../../../shared/api/preferences';
import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Choice } from '../../../shared/ui/choice';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { addMemory, memoryKeys, memoryStateQuery } from '../queries';
import { useWords } from '../words/use-words';
import { MemoryList } from './memory-list';

export type MemorySectionProps = { user: User; onSaved(user: User): void };

export function MemorySection({ user, onSaved }: MemorySectionProps) {
  const t = useWords();
  return (
    <div className="grid gap-6">
      <p>{t('about')}</p>
      <Switch user={user} onSaved={onSaved} />
      <Standing admin={user.role === 'admin'} />
      <Adding />
      <MemoryList />
    </div>
  );
}

function Switch({ user, onSaved }: MemorySectionProps) {
  const t = useWords();
  const shared = useSharedWords();
  const { busy, error, submit } = useSubmission(async (enabled: boolean) => onSaved(await changePreferences({ memory_enabled: enabled })));
  const options = [
    { value: 'on' as const, label: t('on') },
    { value: 'off' as const, label: t('off') },
  ];
  return (
    <div className="grid gap-2" aria-busy={busy}>
      <Choice
        label={t('switch')}
        value={user.preferences.memory_enabled ? 'on' : 'off'}
        options={options}
        onChange={(wish) => void submit(wish === 'on')}
      />
      {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
    </div>
  );
}

function Standing({ admin }: { admin: boolean }) {
  const t = useWords();
  const { data } = useQuery(memoryStateQuery);
  if (data === undefined) return null;
  return (
    <div className="grid gap-2 text-meta text-muted">
      <p>{t(`by.${data.by}`, { model: data.model ?? '' })}</p>
      {admin && data.notice !== null && <p className="text-failed">{data.notice}</p>}
    </div>
  );
}

function Adding() {
  const t = useWords();
  const shared = useSharedWords();
  const queries = useQueryClient();
  const [content, setContent] = useState('');
  const { busy, error, problems, submit } = useSubmission(async (wanted: string) => {
    await addMemory(wanted);
    setContent('');
    await queries.invalidateQueries({ queryKey: memoryKeys.all });
  });
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(content.trim());
  };
  return (
    <form className="grid gap-3" onSubmit={onSubmit}>
      <TextField
        label={t('add')}
        hint={t('addHint')}
        maxLength={2000}
        value={content}
        problem={problems['content']}
        onChange={(event) => setContent(event.target.value)}
      />
      {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
      <Button type="submit" className="justify-self-start" busy={busy} disabled={content.trim() === ''}>
        {t('save')}
      </Button>
    </form>
  );
}
