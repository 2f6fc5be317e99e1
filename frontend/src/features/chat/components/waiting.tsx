// What stands where the next words of an answer will be until they come.
import { useEffect, useState } from 'react';

import type { Wait } from '../answer-view';
import type { Place } from '../stream/reduce-turn';
import { seatWords } from '../words';
import { useSeconds } from './use-seconds';

/** A wait shorter than this is not worth a sign. */
const QUIET_MS = 300;

export function Waiting({ wait, model, since }: { wait: Wait; model: string | null; since: number }) {
  const [shown, setShown] = useState(() => Date.now() - since >= QUIET_MS);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="waiting" data-shown={shown || undefined}>
      <span>{wait.for === 'seat' ? <SeatWords place={wait.place} /> : `Waiting for ${model ?? 'the model'}`}</span>
    </p>
  );
}

function SeatWords({ place }: { place: Place | null }) {
  const waited = useSeconds(place?.at ?? 0, place !== null);
  return seatWords(place, place !== null && waited > place.estimateSeconds);
}
