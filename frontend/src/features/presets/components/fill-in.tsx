// Asks for what stands in a prompt's places, one line each, and gives the whole text back.
import { useState, type KeyboardEvent, type SyntheticEvent } from 'react';

import { isComposing } from '../../../shared/lib/keys';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { TextArea } from '../../../shared/ui/text-field';
import { filledIn, placesIn, type Prompt } from '../prompts';
import { useWords } from '../words/use-words';

export type FillInProps = { prompt: Prompt; onFilled(text: string): void; onClose(): void };

export function FillIn({ prompt, onFilled, onClose }: FillInProps) {
  const t = useWords();
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onFilled(filledIn(prompt.text, values));
  };
  return (
    <Dialog open onOpenChange={onClose} title={prompt.name} description={t('prompts.fillIn')}>
      <form onSubmit={onSubmit} className="grid gap-4">
        {placesIn(prompt.text).map((place) => (
          <TextArea
            key={place}
            label={place}
            rows={1}
            value={values.get(place) ?? ''}
            onKeyDown={submitOnEnter}
            onChange={({ target }) => setValues((before) => new Map(before).set(place, target.value))}
          />
        ))}
        <Actions>
          <Button onClick={onClose}>{t('leave')}</Button>
          <Button type="submit" weight="primary">
            {t('prompts.use')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

/** A line more is Shift+Enter, as in the box that it goes into; on a touch keyboard Enter breaks the line. Goes to the next place first. */
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  const { key, shiftKey, nativeEvent, currentTarget } = event;
  if (key !== 'Enter' || shiftKey || isComposing(nativeEvent)) return;
  if (window.matchMedia('(pointer: coarse)').matches) return;
  event.preventDefault();
  const places = [...(currentTarget.form?.querySelectorAll('textarea') ?? [])];
  const next = places[places.indexOf(currentTarget) + 1];
  if (next) next.focus();
  else currentTarget.form?.requestSubmit();
}
