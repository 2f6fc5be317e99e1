// A panel from the edge where lines start, for narrow screens. Closes on Esc and on a press beside it.
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

import './floating.css';

export type DrawerProps = { open: boolean; onOpenChange(open: boolean): void; title: string; children: ReactNode };

export function Drawer({ open, onOpenChange, title, children }: DrawerProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div className="veil z-30" />
        <Radix.Content
          aria-describedby={undefined}
          data-from="start"
          className="floating fixed inset-y-0 start-0 z-30 flex w-80 max-w-[86vw] flex-col border-e border-line bg-panel"
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
