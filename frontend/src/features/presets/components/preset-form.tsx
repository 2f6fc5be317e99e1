// The lines of one preset.
import { useState, type SyntheticEvent } from 'react';

import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import type { User } from '../../../shared/api/preferences';
import { useSubmission, type Problems as FieldProblems } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { TextArea, TextField } from '../../../shared/ui/text-field';
import { formOf, NAME_CHARS, presetOf, problemsOf, type PresetForm as Lines } from '../form';
import type { Preset } from '../presets';
import { savePreset } from '../queries';
import { useWords } from '../words/use-words';

export type PresetFormProps = {
  /** Null for a new one. */
  preset: Preset | null;
  others: readonly Preset[];
  onSaved(user: User): void;
  onLeft(): void;
};

export function PresetForm({ preset, others, onSaved, onLeft }: PresetFormProps) {
  const t = useWords();
  const shared = useSharedWords();
  const [lines, setLines] = useState(() => formOf(preset));
  const change = (changed: Partial<Lines>): void => setLines((before) => ({ ...before, ...changed }));
  const check = (wanted: Lines): FieldProblems =>
    Object.fromEntries(Object.entries(problemsOf(wanted, others)).map(([line, problem]) => [line, t(`problems.${problem}`)]));
  const { busy, error, problems, submit } = useSubmission(
    async (wanted: Lines) => onSaved(await savePreset(presetOf(preset?.id ?? newId(), wanted))),
    { check },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(lines);
  };
  const line = (name: keyof Lines) => ({
    value: lines[name],
    problem: problems[name],
    onChange: ({ target }: { target: { value: string } }) => change({ [name]: target.value }),
  });
  const full = problems['preferences'] !== undefined;
  const kept = error ? errorWords(shared, error) : full ? t('full') : undefined;
  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-4">
      <TextField label={t('name')} maxLength={NAME_CHARS} ref={focus} {...line('name')} />
      <TextArea label={t('system')} hint={t('systemHint')} optional rows={3} {...line('system')} />
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <TextField label={t('temperature')} hint={t('temperatureHint')} inputMode="decimal" {...line('temperature')} />
        <TextField label={t('topP')} hint={t('topPHint')} inputMode="decimal" {...line('topP')} />
        <TextField label={t('maxTokens')} hint={t('maxTokensHint')} inputMode="numeric" {...line('maxTokens')} />
      </div>
      {kept !== undefined && <Note requestId={error?.requestId ?? null}>{t('unsaved', { why: kept })}</Note>}
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
function focus(input: HTMLInputElement | null): void {
  input?.focus();
}

/** Not `crypto.randomUUID`, which a page from plain http does not have. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
