// The lines of one preset.
import { useState } from 'react';

import { randomId } from '../../../shared/lib/random-id';
import { useSubmission, type Problems as FieldProblems } from '../../../shared/lib/use-submission';
import { TextArea, TextField } from '../../../shared/ui/text-field';
import { formOf, NAME_CHARS, presetOf, problemsOf, type PresetForm as Lines } from '../form';
import type { Preset } from '../presets';
import { presetShelf } from '../queries';
import { useWords } from '../words/use-words';
import { focus, KeptForm } from './kept-form';
import type { FormProps } from './kept-section';

export function PresetForm({ item, others, onSaved, onLeft }: FormProps<Preset>) {
  const t = useWords();
  const [lines, setLines] = useState(() => formOf(item));
  const check = (wanted: Lines): FieldProblems =>
    Object.fromEntries(Object.entries(problemsOf(wanted, others)).map(([line, problem]) => [line, t(`problems.${problem}`)]));
  const submission = useSubmission(async (wanted: Lines) => onSaved(await presetShelf.save(presetOf(item?.id ?? randomId(), wanted))), {
    check,
  });
  const line = (name: keyof Lines) => ({
    value: lines[name],
    problem: submission.problems[name],
    onChange: ({ target }: { target: { value: string } }) => setLines((before) => ({ ...before, [name]: target.value })),
  });
  return (
    <KeptForm lines={lines} submission={submission} onLeft={onLeft}>
      <TextField label={t('name')} maxLength={NAME_CHARS} ref={focus} {...line('name')} />
      <TextArea label={t('system')} hint={t('systemHint')} optional rows={3} {...line('system')} />
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <TextField label={t('temperature')} hint={t('temperatureHint')} inputMode="decimal" {...line('temperature')} />
        <TextField label={t('topP')} hint={t('topPHint')} inputMode="decimal" {...line('topP')} />
        <TextField label={t('maxTokens')} hint={t('maxTokensHint')} inputMode="numeric" {...line('maxTokens')} />
      </div>
    </KeptForm>
  );
}
