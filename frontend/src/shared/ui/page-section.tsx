// A part of a page under a hairline: its heading at the left where there is room, above where there is not.
import { useId, type ReactNode } from 'react';

export function PageSection({ heading, children }: { heading: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-x-8 gap-y-3 border-t border-line pt-6 sm:grid-cols-[9rem_minmax(0,1fr)]">
      <h2 id={id} className="text-read font-strong">
        {heading}
      </h2>
      <div className="grid min-w-0 gap-4">{children}</div>
    </section>
  );
}
