// A formula, drawn by KaTeX; as it was written where KaTeX cannot read it.
import { useLayoutEffect, useRef } from 'react';

import { useFormulas } from './formula-loader';

export function Formula({ source, display }: { source: string; display: boolean }) {
  const drawing = useFormulas(true);
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element || !drawing) return;
    try {
      drawing.drawFormula(element, source, display);
    } catch {
      element.textContent = source;
    }
  }, [drawing, source, display]);
  return <span ref={place} className="formula" data-display={display || undefined} />;
}
