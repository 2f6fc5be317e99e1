// The offers at the box: which there are for what stands before the caret, which one is marked, and the keys that move and take it.
import { useCallback, useId, useState, type KeyboardEvent, type RefObject } from 'react';

import { isComposing } from '../../../shared/lib/keys';
import { putBack } from '../drafts';
import { typedAt, type Offer, type OffersFor } from './offers';

const NONE: readonly Offer[] = [];

export type Offers = {
  id: string;
  /** A sign is being typed. */
  wished: boolean;
  all: readonly Offer[];
  /** The place of the one that Enter takes. */
  marked: number;
  take(offer: Offer): void;
  /** To be called with every key in the box first; true when it was meant for the offers. */
  onKey(event: KeyboardEvent): boolean;
  onCaret(): void;
};

export function useOffers(
  box: RefObject<HTMLTextAreaElement | null>,
  text: string,
  onText: (text: string) => void,
  offersFor: OffersFor | null,
): Offers {
  const id = useId();
  const [caret, setCaret] = useState(0);
  /** The text whose offers Esc took away, and the place that the arrows chose in one. */
  const [closed, setClosed] = useState<string | null>(null);
  const [chosen, setChosen] = useState({ text: '', place: 0 });
  const typed = offersFor && closed !== text ? typedAt(text, caret) : null;
  const all = (typed && offersFor?.(typed.sign, typed.words)) ?? NONE;
  const marked = chosen.text === text ? Math.min(chosen.place, all.length - 1) : 0;

  const onCaret = useCallback(() => setCaret(box.current?.selectionStart ?? 0), [box]);
  const take = (offer: Offer): void => {
    if (typed === null) return;
    const { from, to } = typed;
    offer.take((insert) => {
      // Something may have come back into the box since.
      const now = box.current?.value;
      if (now === undefined) return;
      const same = now.slice(from, to) === text.slice(from, to);
      const before = same ? now.slice(0, from) + insert : putBack(now, insert);
      onText(same ? before + now.slice(to) : before);
      setCaret(before.length);
      // When the box holds the text, and whatever asked for parts of it is closed.
      setTimeout(() => {
        box.current?.focus();
        box.current?.setSelectionRange(before.length, before.length);
      });
    });
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offer = all[marked];
    const held = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (offer === undefined || held || isComposing(event.nativeEvent)) return false;
    if (step !== undefined) setChosen({ text, place: (marked + step + all.length) % all.length });
    else if (event.key === 'Escape') setClosed(text);
    else if (event.key === 'Enter' || event.key === 'Tab') take(offer);
    else return false;
    event.preventDefault();
    return true;
  };
  return { id, wished: typed !== null, all, marked, take, onKey, onCaret };
}
