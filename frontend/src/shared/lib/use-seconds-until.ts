// Whole seconds until a moment, counted down once a second.
import { SECOND, useNow } from './use-now';

export function useSecondsUntil(moment: number | null): number {
  const now = useNow(SECOND);
  return moment === null ? 0 : Math.max(0, Math.floor((moment - now) / SECOND));
}
