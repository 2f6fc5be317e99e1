// The box in which a question is put in other words: sent again beside the old one, or only kept.
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';

import { Button } from '../../../shared/ui/button';
import { changeMessage, type Message } from '../queries';
import { useWords } from '../words/use-words';
import { isCoarse, sends } from './composer-keys';
import { fit } from './fit-box';
import { useActs } from './thread-acts';
import { useChange } from './use-change';

export function QuestionEditor({ message, onClose }: { message: Message; onClose(): void }) {
  const t = useWords();
  const { edit, change } = useActs();
  const [text, setText] = useState(message.content);
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(message.content.length, message.content.length);
  }, [message.content.length]);
  useChange(text, () => fit(box.current));
  const blank = text.trim() === '';
  const send = () => {
    if (blank || edit === null) return;
    onClose();
    edit(message, text);
  };
  const keep = () => {
    onClose();
    if (text !== message.content) change?.(() => changeMessage(message.id, { content: text }));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const leaves = event.key === 'Escape' && !event.nativeEvent.isComposing;
    if (!leaves && !sends(event.nativeEvent, isCoarse())) return;
    event.preventDefault();
    event.stopPropagation();
    if (leaves) onClose();
    else send();
  };
  return (
    <div className="question-editor">
      <textarea
        ref={box}
        className="composer-box"
        aria-label={t('question.words')}
        rows={1}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="question-editor-acts">
        <Button weight="plain" onClick={onClose}>
          {t('question.cancel')}
        </Button>
        <Button disabled={blank || change === null} onClick={keep}>
          {t('question.save')}
        </Button>
        <Button weight="primary" disabled={blank || edit === null} onClick={send}>
          {t('question.sendAgain')}
        </Button>
      </div>
    </div>
  );
}
