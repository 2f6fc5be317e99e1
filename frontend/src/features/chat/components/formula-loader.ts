// Formulas are rare and their drawing is heavy: it is fetched when the first one is seen, and stays for the whole page.
import { useSyncExternalStore } from 'react';

import type * as formula from '../markdown/formula';

type Drawing = Pick<typeof formula, 'drawFormula' | 'remarkMath'>;

let drawing: Drawing | null = null;
let loading: Promise<void> | null = null;
const listeners = new Set<() => void>();

/** Null until it is there, and for who needs none. */
export function useFormulas(needed: boolean): Drawing | null {
  return useSyncExternalStore(needed ? subscribe : nothing, () => (needed ? drawing : null));
}

async function load(): Promise<void> {
  try {
    drawing = await import('../markdown/formula');
    for (const listener of listeners) listener();
  } catch {
    loading = null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  loading ??= load();
  return () => listeners.delete(listener);
}

function nothing(): () => void {
  return () => undefined;
}
