// The questions that wait to be asked, above the box: what each waits for, and asking, changing or dropping it.
import { ArrowUp, Pencil, X } from 'lucide-react';
import { memo } from 'react';

import { IconButton } from '../../../shared/ui/icon-button';
import { useWords } from '../words/use-words';
import type { Next } from './use-next';

const ICON = { size: 16, strokeWidth: 1.6, 'aria-hidden': true } as const;

export const NextList = memo(function NextList({ next: { waiting, wait, askNow, drop, edit } }: { next: Next }) {
  const t = useWords();
  return (
    <section className="next" aria-label={t('next.label')}>
      <output className="next-wait">{t(`next.${wait}`)}</output>
      <ol>
        {waiting.map((question, place) => (
          <li key={question.key} className="next-item">
            <span className="next-text" dir="auto">
              {question.text}
            </span>
            {place === 0 && askNow && (
              <IconButton label={t('next.askNow', { question: question.text })} onClick={() => askNow(question)}>
                <ArrowUp {...ICON} />
              </IconButton>
            )}
            <IconButton label={t('next.edit', { question: question.text })} onClick={() => edit(question)}>
              <Pencil {...ICON} />
            </IconButton>
            <IconButton label={t('next.drop', { question: question.text })} onClick={() => drop(question.key)}>
              <X {...ICON} />
            </IconButton>
          </li>
        ))}
      </ol>
    </section>
  );
});
