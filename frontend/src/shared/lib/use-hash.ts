// The fragment of the address, for the pages that stand before the router is loaded.
import { useSyncExternalStore } from 'react';

export function useHash(): string {
  return useSyncExternalStore(subscribe, () => window.location.hash);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
