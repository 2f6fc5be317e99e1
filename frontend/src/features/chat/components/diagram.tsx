// A diagram as an image, drawn anew when day turns to night.
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';

import { drawDiagram, type Drawing } from '../markdown/diagram';
import { useWords } from '../words/use-words';

/** Below it a diagram scrolls instead of shrinking: its words could not be read. */
const LEAST_SCALE = 0.75;

/** `meanwhile` stands in its place until it is drawn. */
export type DiagramProps = { code: string; labelId: string; meanwhile?: ReactNode; onFailed(): void };

export function Diagram({ code, labelId, meanwhile, onFailed }: DiagramProps) {
  const t = useWords();
  const scheme = useSyncExternalStore(subscribe, schemeNow);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  useEffect(() => {
    const wish = new AbortController();
    drawDiagram(code, scheme === 'dark', wish.signal).then(
      (drawn) => wish.signal.aborted || setDrawing(drawn),
      () => wish.signal.aborted || onFailed(),
    );
    return () => wish.abort();
  }, [code, scheme, onFailed]);
  if (drawing === null) return meanwhile;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways must be reachable by key
    <div className="diagram" tabIndex={0} role="group" aria-labelledby={labelId}>
      <img
        src={drawing.address}
        width={drawing.width}
        height={drawing.height}
        style={{ minWidth: drawing.width * LEAST_SCALE }}
        alt={t('code.diagram')}
      />
    </div>
  );
}

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function schemeNow(): string {
  return document.documentElement.dataset['theme'] ?? (dark.matches ? 'dark' : 'light');
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  dark.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', listener);
  };
}
