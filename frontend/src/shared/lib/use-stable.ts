// Functions that stay the same from drawing to drawing and do what the latest of them would: for parts that are drawn only when
// something they show has changed.
import { useEffect, useRef, useState } from 'react';

type Acts = Record<string, (...given: never[]) => unknown>;

export function useStable<Own extends Acts>(acts: Own): Own {
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  const [stable] = useState(() => {
    const names = Object.keys(acts);
    return Object.fromEntries(names.map((name) => [name, (...given: never[]) => latest.current[name]?.(...given)])) as Own;
  });
  return stable;
}
