// What is typed and not yet sent, kept per conversation in the browser. Knows nothing of the page or of sending.
import { useCallback, useEffect, useRef, useState } from 'react';

import { dropStored, readStored, readStoredList, store, storeList } from '../../shared/lib/storage';

const SAVE_MS = 150;

/** `owner` keeps the drafts of two people on one browser apart. */
export function draftKey(owner: string, conversationId: string | null): string {
  return `${prefixOf(owner)}${conversationId ?? 'new'}`;
}

/** For an account that is no more. */
export function forgetDrafts(owner: string): void {
  dropStored(prefixOf(owner));
}

function prefixOf(owner: string): string {
  return `omniai:draft:${owner}:`;
}

export function loadDraft(key: string): string {
  return readStored(key) ?? '';
}

export function saveDraft(key: string, text: string): void {
  store(key, text === '' ? null : text);
}

/** What was not sent goes before what has been typed since. */
export function putBack(sent: string, typedSince: string): string {
  return typedSince.trim() === '' ? sent : `${sent}\n\n${typedSince}`;
}

const LONG_CHARS = 2000;
const LONG_LINES = 30;

/** What is pasted and so long stands beside the box, where it does not push away what one writes about it. */
export function isLong(text: string): boolean {
  const isLarge = text.length >= LONG_CHARS || text.split('\n', LONG_LINES).length >= LONG_LINES;
  return isLarge && text.trim() !== '';
}

/** What is asked: what was written, and below it what was pasted. */
export function wholeOf(text: string, pasted: readonly string[]): string {
  return [text, ...pasted].filter((part) => part.trim() !== '').join('\n\n');
}

function pastedAt(key: string): string[] {
  return readStoredList(`${key}:pasted`, (part) => typeof part === 'string');
}

function savePasted(key: string, pasted: readonly string[]): void {
  storeList(`${key}:pasted`, pasted);
}

export type Draft = {
  text: string;
  /** Long texts beside what is written. */
  pasted: readonly string[];
  setPasted(pasted: readonly string[]): void;
  setText(text: string): void;
  /** A new conversation got its address: what is typed goes with it. */
  follow(key: string): void;
  restore(sent: string): void;
};

export function useDraft(key: string): Draft {
  const [text, show] = useState(() => loadDraft(key));
  const [pasted, showPasted] = useState<readonly string[]>(() => pastedAt(key));
  const latest = useRef({ key, text, pasted });

  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const save = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current);
    saveDraft(latest.current.key, latest.current.text);
  }, []);
  const setText = useCallback(
    (next: string) => {
      latest.current = { ...latest.current, text: next };
      show(next);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = setTimeout(save, SAVE_MS);
    },
    [save],
  );

  const setPasted = useCallback((next: readonly string[]) => {
    latest.current = { ...latest.current, pasted: next };
    showPasted(next);
    savePasted(latest.current.key, next);
  }, []);

  useEffect(() => {
    if (latest.current.key === key) return;
    save();
    latest.current.key = key;
    setText(loadDraft(key));
    setPasted(pastedAt(key));
  }, [key, save, setText, setPasted]);

  useEffect(() => {
    window.addEventListener('pagehide', save);
    return () => {
      window.removeEventListener('pagehide', save);
      save();
    };
  }, [save]);

  const follow = useCallback((next: string) => {
    saveDraft(latest.current.key, '');
    savePasted(latest.current.key, []);
    latest.current = { ...latest.current, key: next };
    saveDraft(next, latest.current.text);
    savePasted(next, latest.current.pasted);
  }, []);
  const restore = useCallback((sent: string) => setText(putBack(sent, latest.current.text)), [setText]);
  return { text, pasted, setPasted, setText, follow, restore };
}
