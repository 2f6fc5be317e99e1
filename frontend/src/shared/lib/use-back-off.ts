// Tries something again and again, each time a little later, while the page is visible. Knows nothing of what it tries.
import { useCallback, useEffect, useRef, useState } from 'react';

export type BackOff = {
  /** When the next try comes, as milliseconds since 1970; null while one runs. */
  nextAt: number | null;
  tryNow(): void;
};

type Plan = { tries: number; nextAt: number | null };

export function useBackOff(attempt: () => Promise<unknown>, waitsSeconds: readonly number[]): BackOff {
  const [{ nextAt }, setPlan] = useState<Plan>(() => plan(0, waitsSeconds));
  const latest = useRef(attempt);
  useEffect(() => {
    latest.current = attempt;
  });

  const tryNow = useCallback(async (): Promise<void> => {
    setPlan(({ tries }) => ({ tries, nextAt: null }));
    try {
      await latest.current();
    } catch {
      // A failed try is why there is a next one.
    }
    setPlan(({ tries }) => plan(tries + 1, waitsSeconds));
  }, [waitsSeconds]);

  useEffect(() => {
    if (nextAt === null) return undefined;
    // A hidden page does not ask; it catches up when somebody looks at it again.
    const ask = (): void => {
      if (document.visibilityState === 'visible' && Date.now() >= nextAt) void tryNow();
    };
    const timer = setTimeout(ask, nextAt - Date.now());
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [nextAt, tryNow]);

  return { nextAt, tryNow: () => void tryNow() };
}

function plan(tries: number, waitsSeconds: readonly number[]): Plan {
  const wait = waitsSeconds[Math.min(tries, waitsSeconds.length - 1)] ?? 1;
  return { tries, nextAt: Date.now() + wait * 1000 };
}
