// The two seconds in which a copy button says that it has copied, or that it could not.
import { useCallback, useEffect, useState } from 'react';

import { copyText } from '../clipboard';

const SAID_MS = 2000;

export type CopyState = 'idle' | 'copied' | 'failed';

export function useCopy(): { state: CopyState; copy(text: string, rich?: HTMLElement | null): void } {
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SAID_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = useCallback((text: string, rich?: HTMLElement | null) => {
    void copyText(text, rich).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  }, []);
  return { state, copy };
}
