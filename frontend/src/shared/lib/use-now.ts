// The present, in steps: what is shown with it is drawn again at each.
import { useCallback, useSyncExternalStore } from 'react';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** Milliseconds since 1970, rounded down to the step. */
export function useNow(step: number): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const timer = setInterval(listener, step);
      return () => clearInterval(timer);
    },
    [step],
  );
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / step) * step);
}
