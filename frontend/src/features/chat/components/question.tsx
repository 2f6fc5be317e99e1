// A question: plain text as it was typed, in a soft panel at the right.
import { memo } from 'react';

import type { QuestionItem } from '../thread-items';
import { CopyAction } from './message-actions';
import { MessageTime } from './message-time';
import { SiblingSwitcher } from './sibling-switcher';

export const Question = memo(function Question({ item: { text, message } }: { item: QuestionItem }) {
  return (
    <article className="question" aria-label="Your question">
      <div className="question-text">{text}</div>
      <div className="message-foot" data-side="end">
        <div className="message-actions">
          <CopyAction text={text} rich={null} />
        </div>
        {message && <SiblingSwitcher message={message} />}
        <p className="message-meta">{message ? <MessageTime iso={message.created_at} /> : 'Just now'}</p>
      </div>
    </article>
  );
});
