// Whether the backend could be reached at the last attempt. A store of one fact; the client writes it, the page shows it.
import { useSyncExternalStore } from 'react';

export type Reach = 'here' | 'away' | 'tunnel';

let reach: Reach = 'here';
const listeners = new Set<() => void>();

export function noteReach(now: Reach): void {
  if (now === reach) return;
  reach = now;
  for (const listener of listeners) listener();
}

export function useReach(): Reach {
  return useSyncExternalStore(subscribe, () => reach);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
