// Where the page is, read from what stands behind the hash: the path and the search, which no server hears of.
import { useSyncExternalStore } from 'react';

import { hashOf } from '../config/paths';

export function useHash(): string {
  return useSyncExternalStore(subscribe, () => window.location.hash);
}

/** For wouter's router. The search stays behind the hash too; wouter's own hook would send it to the server. */
export const hashRouting = { hook: useHashPath, searchHook: useHashSearch, hrefs: hashOf };

function useHashPath(): [string, typeof goTo] {
  return [useSyncExternalStore(subscribe, () => split()[0]), goTo];
}

function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => split()[1]);
}

export function goTo(to: string, { replace = false }: { replace?: boolean } = {}): void {
  window.history[replace ? 'replaceState' : 'pushState'](null, '', hashOf(to));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

function split(): [path: string, search: string] {
  const [path = '', ...search] = window.location.hash.replace(/^#?\/?/, '/').split('?');
  return [path, search.join('?')];
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
