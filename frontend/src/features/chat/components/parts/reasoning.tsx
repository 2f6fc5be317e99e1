// What the model thought aloud: folded, with the time it took where this page watched it.
import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';

import { timeWords } from '../../words/phrases';
import { useWords, type ChatWords } from '../../words/use-words';
import { useSeconds } from '../use-seconds';

export type ReasoningPartProps = {
  text: string;
  /** Nothing of the answer itself has come yet. */
  running: boolean;
  since: number | null;
  until: number | null;
};

export function ReasoningPart({ text, running, since, until }: ReasoningPartProps) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const bodyId = useId();
  const soFar = useSeconds(since ?? 0, running && since !== null);
  return (
    <div className="reasoning">
      <button type="button" className="reasoning-head" aria-expanded={open} aria-controls={bodyId} onClick={() => setOpen(!open)}>
        <ChevronRight size={16} strokeWidth={1.6} aria-hidden className="reasoning-mark" data-open={open || undefined} />
        {heading(t, running, since, until, soFar)}
      </button>
      <div id={bodyId} hidden={!open} className="reasoning-body">
        {text}
      </div>
    </div>
  );
}

function heading(t: ChatWords, running: boolean, since: number | null, until: number | null, soFar: number): string {
  if (running) return since === null ? t('reasoning.thinking') : t('reasoning.thinkingFor', { time: timeWords(t, soFar) });
  if (since === null || until === null) return t('reasoning.thoughts');
  return t('reasoning.thoughtFor', { time: timeWords(t, Math.max(1, Math.round((until - since) / 1000))) });
}
