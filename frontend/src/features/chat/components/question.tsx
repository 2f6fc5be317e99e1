// A question: plain text as it was typed, in a soft panel at the right, or the box in which it is put in other words.
import { Pencil } from 'lucide-react';
import { memo, useRef, useState } from 'react';

import { IconButton } from '../../../shared/ui/icon-button';
import type { QuestionItem } from '../thread-items';
import { useWords } from '../words/use-words';
import { CopyAction } from './message-actions';
import { MessageMenu } from './message-menu';
import { MessageTime } from './message-time';
import { QuestionEditor } from './question-editor';
import { SiblingSwitcher } from './sibling-switcher';
import { useChange } from './use-change';

export const Question = memo(function Question({ item: { text, message } }: { item: QuestionItem }) {
  const t = useWords();
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useChange(editing, () => {
    if (wasEditing.current) pencil.current?.focus();
    wasEditing.current = editing;
  });
  return (
    <article className="question" aria-label={t('question.label')}>
      {editing && message ? (
        <QuestionEditor message={message} onClose={() => setEditing(false)} />
      ) : (
        <>
          <div className="question-text">{text}</div>
          <div className="message-foot" data-side="end">
            <div className="message-actions">
              <CopyAction text={text} rich={null} />
              {message && (
                <IconButton ref={pencil} label={t('question.edit')} className="retry" data-act="edit" onClick={() => setEditing(true)}>
                  <Pencil size={18} strokeWidth={1.6} aria-hidden />
                </IconButton>
              )}
              {message && <MessageMenu message={message} live={null} last={false} />}
            </div>
            {message && <SiblingSwitcher message={message} />}
            <p className="message-meta">{message ? <MessageTime iso={message.created_at} /> : t('question.justNow')}</p>
          </div>
        </>
      )}
    </article>
  );
});
