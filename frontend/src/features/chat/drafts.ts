// What is typed and not yet sent, kept per conversation in the browser. Knows nothing of the page or of sending.
import { useCallback, useEffect, useRef, useState } from 'react';

import { dropStored, readStored, store } from '../../shared/lib/storage';

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

export type Draft = {
  text: string;
  setText(text: string): void;
  /** A new conversation got its address: what is typed goes with it. */
  follow(key: string): void;
  restore(sent: string): void;
};

export function useDraft(key: string): Draft {
  const [text, show] = useState(() => loadDraft(key));
  const latest = useRef({ key, text });

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

  useEffect(() => {
    if (latest.current.key === key) return;
    save();
    latest.current.key = key;
    setText(loadDraft(key));
  }, [key, save, setText]);

  useEffect(() => {
    window.addEventListener('pagehide', save);
    return () => {
      window.removeEventListener('pagehide', save);
      save();
    };
  }, [save]);

  const follow = useCallback((next: string) => {
    saveDraft(latest.current.key, '');
    latest.current = { ...latest.current, key: next };
    saveDraft(next, latest.current.text);
  }, []);
  const restore = useCallback((sent: string) => setText(putBack(sent, latest.current.text)), [setText]);
  return { text, setText, follow, restore };
}
