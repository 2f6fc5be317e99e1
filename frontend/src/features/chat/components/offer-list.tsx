// The list of offers above the box. The focus stays in the box, which says which one is marked.
import { useEffect, useRef } from 'react';

import { useWords } from '../words/use-words';
import type { Offers } from './use-offers';

export function OfferList({ offers: { id, all, marked, take } }: { offers: Offers }) {
  const t = useWords();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Some browsers answer with a promise, which is no end of an effect.
    void list.current?.children[marked]?.scrollIntoView({ block: 'nearest' });
  }, [marked]);
  return (
    <div className="offers" ref={list} id={id} role="listbox" aria-label={t('offers.label')}>
      {all.map((offer, place) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keys are the box's
        <div
          key={offer.id}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === marked}
          className="offer"
          // The box keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(offer)}
        >
          <span className="offer-label">{offer.label}</span>
          {offer.hint && <span className="offer-hint">{offer.hint}</span>}
        </div>
      ))}
    </div>
  );
}
