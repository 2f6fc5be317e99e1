// Prompts in the settings, and the lines of one.
import { useState } from 'react';

import type { User } from '../../../shared/api/preferences';
import { randomId } from '../../../shared/lib/random-id';
import { useSubmission, type Problems } from '../../../shared/lib/use-submission';
import { TextArea, TextField } from '../../../shared/ui/text-field';
import { NAME_CHARS } from '../form';
import { isTaken } from '../kept';
import { placesIn, promptsIn, type Prompt } from '../prompts';
import { promptShelf } from '../queries';
import { useWords } from '../words/use-words';
import { focus, KeptForm } from './kept-form';
import { KeptSection, short, type FormProps } from './kept-section';

export type PromptSectionProps = { user: User; onSaved(user: User): void };

export function PromptSection({ user, onSaved }: PromptSectionProps) {
  const t = useWords();
  return (
    <KeptSection
      items={promptsIn(user.preferences.ui)}
      shelf={promptShelf}
      words={{ about: t('prompts.about'), none: t('prompts.none'), add: t('prompts.add'), list: t('prompts.list') }}
      summary={({ text }) => short(text)}
      Form={PromptForm}
      onSaved={onSaved}
    />
  );
}

type Lines = { name: string; text: string };

function PromptForm({ item, others, onSaved, onLeft }: FormProps<Prompt>) {
  const t = useWords();
  const [lines, setLines] = useState<Lines>({ name: item?.name ?? '', text: item?.text ?? '' });
  const check = ({ name, text }: Lines): Problems => ({
    ...(name.trim() === '' && { name: t('problems.name') }),
    ...(isTaken(name, others) && { name: t('prompts.taken') }),
    ...(text.trim() === '' && { text: t('prompts.empty') }),
  });
  const submission = useSubmission(
    async ({ name, text }: Lines) => onSaved(await promptShelf.save({ id: item?.id ?? randomId(), name: name.trim(), text: text.trim() })),
    { check },
  );
  const line = (name: keyof Lines) => ({
    value: lines[name],
    problem: submission.problems[name],
    onChange: ({ target }: { target: { value: string } }) => setLines((before) => ({ ...before, [name]: target.value })),
  });
  const places = placesIn(lines.text);
  const hint = places.length === 0 ? t('prompts.textHint', { place: '{{topic}}' }) : t('prompts.places', { places: places.join(', ') });
  return (
    <KeptForm lines={lines} submission={submission} onLeft={onLeft}>
      <TextField label={t('name')} maxLength={NAME_CHARS} ref={focus} {...line('name')} />
      <TextArea label={t('prompts.text')} hint={hint} rows={5} {...line('text')} />
    </KeptForm>
  );
}
