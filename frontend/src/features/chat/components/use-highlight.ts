// Coloured code that never blocks: the highlighter loads on first use, and its colours lag behind code that grows.
import { startTransition, useEffect, useRef, useState } from 'react';

import type { CodeNode } from '../markdown/highlight';
import { languageOf, type LanguageName } from '../markdown/languages';

/** Above it, colouring costs more than it helps. */
const MAX_CHARS = 20_000;
const MAX_LINE = 2000;
const GROWING_MAX_CHARS = 8000;
const GROWING_PAUSE_MS = 200;

/** What is coloured already, and the rest as it is. */
export type Coloured = { nodes: readonly CodeNode[]; rest: string };

type Done = { code: string; nodes: readonly CodeNode[] };

export function useHighlight(code: string, info: string, growing: boolean): Coloured {
  const language = languageOf(info);
  const wanted = language !== null && code.length <= (growing ? GROWING_MAX_CHARS : MAX_CHARS) && !hasLongLine(code);
  const [done, setDone] = useState<Done | null>(null);
  const latest = useRef(code);
  const busy = useRef(false);

  // One run at a time: when it is done, the new state leads here again and the code that came since is next.
  useEffect(() => {
    latest.current = code;
    if (!wanted || busy.current || done?.code === code) return;
    busy.current = true;
    const run = async () => {
      const next = await colour(latest, language);
      busy.current = false;
      if (next !== null) startTransition(() => setDone(next));
    };
    setTimeout(() => void run(), growing && done ? GROWING_PAUSE_MS : 0);
  }, [code, language, wanted, growing, done]);

  if (done === null || !code.startsWith(done.code)) return { nodes: [], rest: code };
  return { nodes: done.nodes, rest: code.slice(done.code.length) };
}

function hasLongLine(code: string): boolean {
  return code.length > MAX_LINE && code.split('\n').some((line) => line.length > MAX_LINE);
}

/** Null when the grammar does not load: the code stays plain. */
async function colour(latest: { current: string }, language: LanguageName): Promise<Done | null> {
  try {
    const { highlight } = await import('../markdown/highlight');
    const code = latest.current;
    return { code, nodes: await highlight(code, language) };
  } catch {
    return null;
  }
}
