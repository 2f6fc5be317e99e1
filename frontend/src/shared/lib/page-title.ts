// What the page shows at the moment, in a few words: written by an address, read by the frame and the browser's tab.
import { useEffect, useSyncExternalStore } from 'react';

let title = '';
const listeners = new Set<() => void>();

/** The frame shows other words than the tab where the page has a heading of its own. */
export function usePageTitle(words: string, inFrame: string = words): void {
  useEffect(() => {
    title = inFrame;
    document.title = words === '' ? 'OmniAI' : `${words} · OmniAI`;
    for (const listener of listeners) listener();
  }, [words, inFrame]);
}

export function useShownTitle(): string {
  return useSyncExternalStore(subscribe, () => title);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
