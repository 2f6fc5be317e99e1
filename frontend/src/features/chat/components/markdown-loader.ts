// The Markdown renderer is a third of the chat's weight, and a new conversation has nothing to render: it comes when needed.
import { useSyncExternalStore, type ComponentType } from 'react';

import type { MarkdownProps } from './markdown';

type Renderer = ComponentType<MarkdownProps>;

let renderer: Renderer | null = null;
let loading: Promise<void> | null = null;
const listeners = new Set<() => void>();

/** Without it the text stands as it was written; the next message that is drawn asks again. */
export function loadMarkdown(): Promise<void> {
  loading ??= load();
  return loading;
}

/** Null until it is there. */
export function useMarkdown(): Renderer | null {
  return useSyncExternalStore(subscribe, () => renderer);
}

async function load(): Promise<void> {
  try {
    const { Markdown } = await import('./markdown');
    renderer = Markdown;
    for (const listener of listeners) listener();
  } catch {
    loading = null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  void loadMarkdown();
  return () => listeners.delete(listener);
}
