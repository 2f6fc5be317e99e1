// Gathers what arrives and hands it on once per frame, or by a timer while nothing is painted. Knows not what it carries.

const HIDDEN_MS = 250;

export type Flush<Item> = {
  push(item: Item): void;
  /** Hand on at once what is waiting. */
  now(): void;
};

export function createFlush<Item>(deliver: (items: Item[]) => void): Flush<Item> {
  let waiting: Item[] = [];
  let cancel: (() => void) | null = null;

  const now = () => {
    cancel?.();
    cancel = null;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    deliver(items);
  };

  return {
    push(item) {
      waiting.push(item);
      cancel ??= schedule(now);
    },
    now,
  };
}

/** A page that is hidden paints no frames, and one that hides while a frame is due never gets it. */
function schedule(run: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(run, HIDDEN_MS);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(run);
  const onHide = () => document.hidden && run();
  document.addEventListener('visibilitychange', onHide);
  return () => {
    cancelAnimationFrame(frame);
    document.removeEventListener('visibilitychange', onHide);
  };
}
