// Tries something a few times, each time a little later, while somebody looks at the page. Knows nothing of what it tries.

/** Ends when a try succeeds, fails with an error, or was the last; the answer ends it early. */
export function tryWhileSeen(attempt: () => Promise<boolean>, waitsMs: readonly number[]): () => void {
  const stopped = new AbortController();
  void tryInTurn(attempt, waitsMs, stopped.signal);
  return () => stopped.abort();
}

async function tryInTurn(attempt: () => Promise<boolean>, waitsMs: readonly number[], stopped: AbortSignal): Promise<void> {
  for (const wait of waitsMs) {
    await pause(wait, stopped);
    await seen(stopped);
    if (stopped.aborted) return;
    // What could not be asked is not worth asking for again: it was a small thing.
    if (await attempt().catch(() => true)) return;
  }
}

function pause(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stopped.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function seen(stopped: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      if (document.hidden && !stopped.aborted) return;
      document.removeEventListener('visibilitychange', wake);
      resolve();
    };
    document.addEventListener('visibilitychange', wake);
    stopped.addEventListener('abort', wake);
  });
}
