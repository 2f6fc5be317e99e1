// Presets in the settings: each with what it wishes, made, said otherwise, deleted and brought back.
import { useState } from 'react';

import { ApiError } from '../../../shared/api/errors';
import type { User } from '../../../shared/api/preferences';
import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { useToast } from '../../../shared/ui/toast';
import { presetsIn, type Preset } from '../presets';
import { deletePreset, savePreset } from '../queries';
import { useWords } from '../words/use-words';
import { PresetForm } from './preset-form';

export type PresetSectionProps = { user: User; onSaved(user: User): void };

const NEW = 'new';

export function PresetSection({ user, onSaved }: PresetSectionProps) {
  const t = useWords();
  /** Whose lines are open: the id of a preset, or a new one's. */
  const [open, setOpen] = useState<string | null>(null);
  const presets = presetsIn(user.preferences.ui);
  const saved = (changed: User): void => {
    setOpen(null);
    onSaved(changed);
  };
  const form = (preset: Preset | null) => (
    <PresetForm preset={preset} others={presets.filter(({ id }) => id !== preset?.id)} onSaved={saved} onLeft={() => setOpen(null)} />
  );
  return (
    <div className="grid gap-4">
      <p>{t('about')}</p>
      {presets.length === 0 && open === null && <p className="text-muted">{t('none')}</p>}
      {presets.length > 0 && (
        <ul aria-label={t('list')} className="grid divide-y divide-line border-y border-line">
          {presets.map((preset) => (
            <li key={preset.id} className="py-3">
              {open === preset.id ? form(preset) : <Shown preset={preset} onEdit={() => setOpen(preset.id)} onSaved={onSaved} />}
            </li>
          ))}
        </ul>
      )}
      {open === NEW ? (
        form(null)
      ) : (
        <div>
          <Button onClick={() => setOpen(NEW)}>{t('add')}</Button>
        </div>
      )}
    </div>
  );
}

function Shown({ preset, onEdit, onSaved }: { preset: Preset; onEdit(): void; onSaved(user: User): void }) {
  const t = useWords();
  const shared = useSharedWords();
  const toast = useToast();
  const { name } = preset;
  const { busy, error, submit } = useSubmission<null>(async () => {
    onSaved(await deletePreset(preset.id));
    const bringBack = (): void => {
      savePreset(preset).then(onSaved, (problem: unknown) => {
        if (!(problem instanceof ApiError)) throw problem;
        toast({ text: t('lost', { name, why: errorWords(shared, problem) }) });
      });
    };
    toast({ text: t('removed', { name }), action: { label: t('undo'), run: bringBack } });
  });
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-strong wrap-anywhere">{name}</p>
          <p className="text-meta text-muted tabular-nums wrap-anywhere">{summary(t, preset)}</p>
        </div>
        <div className="-ms-3.5 flex sm:ms-0">
          <Button weight="plain" aria-label={t('editOf', { name })} onClick={onEdit}>
            {t('edit')}
          </Button>
          <Button weight="plain" busy={busy} aria-label={t('removeOf', { name })} onClick={() => void submit(null)}>
            {t('remove')}
          </Button>
        </div>
      </div>
      {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
    </div>
  );
}

const SHOWN_CHARS = 120;

function summary(t: ReturnType<typeof useWords>, { sampling: { system = '', temperature, top_p, max_tokens } }: Preset): string {
  const short = system.length > SHOWN_CHARS ? `${system.slice(0, SHOWN_CHARS).trimEnd()} …` : system;
  const numbers = [
    temperature !== undefined && `${t('temperature')} ${temperature}`,
    top_p !== undefined && `${t('topP')} ${top_p}`,
    max_tokens !== undefined && `${t('maxTokens')} ${max_tokens}`,
  ];
  return [short, ...numbers].filter(Boolean).join(' · ');
}
