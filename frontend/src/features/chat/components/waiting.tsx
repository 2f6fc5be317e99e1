// What stands where the next words of an answer will be until they come.
import { useEffect, useState } from 'react';

import type { Wait } from '../answer-view';
import type { Place } from '../stream/reduce-turn';
import { seatWords } from '../words/phrases';
import { useWords } from '../words/use-words';
import { useSeconds } from './use-seconds';

/** A wait shorter than this is not worth a sign. */
const QUIET_MS = 300;

export function Waiting({ wait, model, since }: { wait: Wait; model: string | null; since: number }) {
  const t = useWords();
  const [shown, setShown] = useState(() => Date.now() - since >= QUIET_MS);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  const wordWait = model === null ? t('wait.someWord') : t('wait.word', { model });
  return (
    <p className="waiting" data-shown={shown || undefined}>
      <span>{wait.for === 'seat' ? <SeatWords place={wait.place} /> : wordWait}</span>
    </p>
  );
}

function SeatWords({ place }: { place: Place | null }) {
  const t = useWords();
  const waited = useSeconds(place?.at ?? 0, place !== null);
  return seatWords(t, place, place !== null && waited > place.estimateSeconds);
}
