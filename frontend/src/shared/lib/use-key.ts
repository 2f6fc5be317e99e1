// Lends a key of the page to whoever can act on it. One listener for all; a key is free while nobody has it.
import { useEffect, useRef } from 'react';

import { isKey, PAGE_KEYS, type PageKey } from './keys';

/** False: there was nothing to do, the key is the browser's. */
type Act = () => unknown;

export const ON_MAC = /Mac|iP(hone|ad|od)/.test(navigator.userAgent);
const OVERLAYS = '[role=dialog],[role=alertdialog],[role=menu],[role=listbox]';

const holders = new Map<PageKey, Act[]>();

/** Whoever came last has the key. */
export function useKey(name: PageKey, act: Act, enabled = true): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const own: Act = () => latest.current();
    holders.set(name, [...(holders.get(name) ?? []), own]);
    return () => {
      const left = (holders.get(name) ?? []).filter((each) => each !== own);
      if (left.length === 0) holders.delete(name);
      else holders.set(name, left);
    };
  }, [name, enabled]);
}

/** The keys that somebody acts on now. */
export function heldKeys(): PageKey[] {
  return PAGE_KEYS.filter((name) => holders.has(name));
}

export function press(name: PageKey): boolean {
  const act = holders.get(name)?.at(-1);
  return act !== undefined && act() !== false;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || (event.target instanceof Element && event.target.closest(OVERLAYS))) return;
  const name = PAGE_KEYS.find((each) => isKey(event, each, ON_MAC));
  // On a Mac Alt and an arrow go through what is typed.
  if (name === undefined || (ON_MAC && event.altKey && isTyped(event.target))) return;
  if (press(name)) event.preventDefault();
}

function isTyped(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return target.value !== '';
  return target instanceof HTMLElement && target.isContentEditable;
}

document.addEventListener('keydown', onKeyDown);
