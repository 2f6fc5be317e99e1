// Where a question is written: the box, what stands below it, and sending by key or button, never while an input method composes.
import { memo, useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';

import { useKey } from '../../../shared/lib/use-key';
import { wholeOf } from '../drafts';
import { ComposerBox } from './composer-box';
import { editsLast, isCoarse, sends } from './composer-keys';
import { fit } from './fit-box';
import type { OffersFor } from './offers';
import { PastedTexts } from './pasted-texts';
import { SendOrStop } from './stop-button';
import { useChange } from './use-change';

export type ComposerProps = {
  text: string;
  onText: (text: string) => void;
  /** Long texts that stand beside the box. */
  pasted: readonly string[];
  onPasted: (pasted: readonly string[]) => void;
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
export const Composer = memo(function Composer(props: ComposerProps) {
  const { text, onText, pasted, onPasted, onSend, onStop, onEditLast, answering, stopping, tools, offersFor, focusCount } = props;
  const box = useRef<HTMLTextAreaElement>(null);
  const canSend = pasted.length > 0 || text.trim() !== '';

  useKey('composer', () => box.current?.focus());
  useChange(text, () => fit(box.current));
  useChange(focusCount, () => {
    if (focusCount > 0 || !isCoarse()) box.current?.focus({ preventScroll: true });
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canSend) onSend(text);
  };
  const thenHere = (act: () => void) => () => {
    act();
    if (!isCoarse()) box.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (text === '' && pasted.length === 0 && !answering && editsLast(event.nativeEvent)) {
      event.preventDefault();
      onEditLast();
    }
    if (!sends(event.nativeEvent, isCoarse())) return;
    event.preventDefault();
    if (canSend) onSend(text);
  };
  return (
    <form className="composer" onSubmit={submit}>
      {pasted.length > 0 && <PastedTexts pasted={pasted} onPasted={onPasted} onText={(more) => onText(wholeOf(text, [more]))} />}
      <ComposerBox
        box={box}
        text={text}
        onText={onText}
        onKey={onKey}
        onLong={(long) => onPasted([...pasted, long])}
        answering={answering}
        offersFor={offersFor}
      />
      <div className="composer-bar">
        <div className="composer-tools">{tools}</div>
        <SendOrStop
          answering={answering}
          stopping={stopping}
          canSend={canSend}
          onStop={thenHere(onStop)}
          onNext={thenHere(() => onSend(text))}
        />
      </div>
    </form>
  );
});
