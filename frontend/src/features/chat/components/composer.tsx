// Where a question is written: the box, what stands below it, and sending by key or button, never while an input method composes.
import { memo, useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';

import { useKey } from '../../../shared/lib/use-key';
import { ComposerBox } from './composer-box';
import { editsLast, isCoarse, sends } from './composer-keys';
import { fit } from './fit-box';
import type { OffersFor } from './offers';
import { SendOrStop } from './stop-button';
import { useChange } from './use-change';

export type ComposerProps = {
  text: string;
  onText: (text: string) => void;
  onSend: (text: string) => void;
  onStop: () => void;
  /** Up in the empty box. */
  onEditLast: () => void;
  answering: boolean;
  stopping: boolean;
  tools: ReactNode;
  /** What a sign offers in the box; null where nothing is. Stable, as the box is not drawn again for an answer's words. */
  offersFor: OffersFor | null;
  /** Grows when the box should be typed in next: after a refusal, for one. */
  focusCount: number;
};

/** Not drawn again for the words of an answer. */
export const Composer = memo(function Composer({
  text,
  onText,
  onSend,
  onStop,
  onEditLast,
  answering,
  stopping,
  tools,
  offersFor,
  focusCount,
}: ComposerProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const canSend = text.trim() !== '';

  useKey('composer', () => box.current?.focus());
  useChange(text, () => fit(box.current));
  useChange(focusCount, () => {
    if (focusCount > 0 || !isCoarse()) box.current?.focus({ preventScroll: true });
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canSend) onSend(text);
  };
  const halt = () => {
    onStop();
    if (!isCoarse()) box.current?.focus();
  };
  const next = () => {
    onSend(text);
    if (!isCoarse()) box.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (text === '' && !answering && editsLast(event.nativeEvent)) {
      event.preventDefault();
      onEditLast();
    }
    if (!sends(event.nativeEvent, isCoarse())) return;
    event.preventDefault();
    if (canSend) onSend(text);
  };
  return (
    <form className="composer" onSubmit={submit}>
      <ComposerBox box={box} text={text} onText={onText} onKey={onKey} answering={answering} offersFor={offersFor} />
      <div className="composer-bar">
        <div className="composer-tools">{tools}</div>
        <SendOrStop answering={answering} stopping={stopping} canSend={canSend} onStop={halt} onNext={next} />
      </div>
    </form>
  );
});
