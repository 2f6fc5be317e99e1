// A title that is being changed in its place. Enter and leaving the line keep the new one, Esc keeps the old one.
import { useRef, useState, type KeyboardEvent } from 'react';

import { useWords } from '../words/use-words';

const LONGEST_TITLE = 200;

export function Rename({ title, onEnd }: { title: string; onEnd(wanted: string | null): void }) {
  const t = useWords();
  const [text, setText] = useState(title);
  const ended = useRef(false);
  const end = (keep: boolean): void => {
    if (ended.current) return;
    ended.current = true;
    const wanted = text.trim();
    onEnd(keep && wanted !== '' && wanted !== title ? wanted : null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // The keys of the list are not meant here.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') end(true);
    if (event.key === 'Escape') end(false);
  };
  return (
    <input
      // The menu gives the focus back to its button when it closes; the line takes it after that.
      ref={focusLater}
      aria-label={t('row.title')}
      value={text}
      maxLength={LONGEST_TITLE}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => end(true)}
      className="min-h-control w-full rounded-control border border-edge bg-raised px-2.75 focus-visible:outline-offset-0"
    />
  );
}

function focusLater(input: HTMLInputElement | null): (() => void) | undefined {
  if (input === null) return undefined;
  const frame = requestAnimationFrame(() => input.select());
  return () => cancelAnimationFrame(frame);
}
