// What the page shows at the moment, in a few words: written by an address, read by the frame and the browser's tab.
import { useEffect, useSyncExternalStore } from 'react';

let title = '';
const listeners = new Set<() => void>();

export function usePageTitle(words: string): void {
  useEffect(() => {
    title = words;
    document.title = words === '' ? 'OmniAI' : `${words} · OmniAI`;
    for (const listener of listeners) listener();
  }, [words]);
}

export function useShownTitle(): string {
  return useSyncExternalStore(subscribe, () => title);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
