// The box itself, which grows with its text, and what its signs offer.
import type { KeyboardEvent, RefObject } from 'react';

import { componentOf } from '../../../shared/lib/part-of';
import { useWords } from '../words/use-words';
import { isLong } from '../drafts';
import { isCoarse } from './composer-keys';
import type { OffersFor } from './offers';
import { useOffers } from './use-offers';

const OfferList = componentOf(async () => (await import('./offer-list')).OfferList);

export type ComposerBoxProps = {
  box: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onText(text: string): void;
  /** Every key that was not meant for the offers. */
  onKey(event: KeyboardEvent): void;
  /** A long text was pasted, which has its place beside the box. */
  onLong(text: string): void;
  answering: boolean;
  offersFor: OffersFor | null;
};

export function ComposerBox({ box, text, onText, onKey, onLong, answering, offersFor }: ComposerBoxProps) {
  const t = useWords();
  const offers = useOffers(box, text, onText, offersFor);
  const offered = OfferList.useThere(offers.wished) && offers.all.length > 0;
  return (
    <>
      {offered && <OfferList offers={offers} />}
      <textarea
        ref={box}
        className="composer-box"
        aria-label={t('composer.label')}
        placeholder={t(answering ? 'composer.placeholderNext' : 'composer.placeholder')}
        rows={1}
        value={text}
        onChange={({ target }) => {
          onText(target.value);
          offers.onCaret();
        }}
        onKeyDown={(event) => (offered && offers.onKey(event)) || onKey(event)}
        onSelect={offers.onCaret}
        onPaste={(event) => {
          const given = event.clipboardData.getData('text/plain');
          if (!isLong(given)) return;
          event.preventDefault();
          onLong(given);
        }}
        aria-autocomplete={offersFor ? 'list' : undefined}
        aria-controls={offered ? offers.id : undefined}
        aria-activedescendant={offered ? `${offers.id}-${offers.marked}` : undefined}
        enterKeyHint={isCoarse() ? 'enter' : 'send'}
      />
    </>
  );
}
