// A question: plain text as it was typed, in a soft panel at the right.
import { memo } from 'react';

import type { QuestionItem } from '../thread-items';
import { useWords } from '../words/use-words';
import { CopyAction } from './message-actions';
import { MessageTime } from './message-time';
import { SiblingSwitcher } from './sibling-switcher';

export const Question = memo(function Question({ item: { text, message } }: { item: QuestionItem }) {
  const t = useWords();
  return (
    <article className="question" aria-label={t('question.label')}>
      <div className="question-text">{text}</div>
      <div className="message-foot" data-side="end">
        <div className="message-actions">
          <CopyAction text={text} rich={null} />
        </div>
        {message && <SiblingSwitcher message={message} />}
        <p className="message-meta">{message ? <MessageTime iso={message.created_at} /> : t('question.justNow')}</p>
      </div>
    </article>
  );
});
