// A dialog over the page. Radix keeps the focus inside; the page beneath does not scroll by itself.
import { Dialog as Radix } from 'radix-ui';
import { useRef, type ReactNode } from 'react';

import './floating.css';

export type DialogProps = {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** Stays until it is answered: neither Esc nor a press beside it closes it. */
  insistent?: boolean;
};

export function Dialog({ open, onOpenChange, title, description, children, insistent = false }: DialogProps) {
  const hold = (event: Event): void => {
    if (insistent) event.preventDefault();
  };
  // Something inside may have an end of its own that Esc brings, such as a line that is being changed.
  const holdKey = (event: KeyboardEvent): void => {
    if (insistent || (event.target instanceof Element && event.target.closest('[data-own-escape]'))) event.preventDefault();
  };
  const opener = useRef<Element | null>(null);
  const remember = (): void => {
    opener.current = document.activeElement;
  };
  // Radix knows a trigger of its own alone. Whatever took the focus on closing keeps it.
  const giveBack = (event: Event): void => {
    event.preventDefault();
    const free = document.activeElement === null || document.activeElement === document.body;
    if (free && opener.current instanceof HTMLElement) opener.current.focus();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div className="veil z-40" />
        <div className="pointer-events-none fixed inset-0 z-40 grid place-items-center overflow-y-auto p-4">
          <Radix.Content
            className="floating pointer-events-auto grid w-full max-w-110 gap-5 rounded-panel bg-raised p-6 shadow-lift"
            data-from="below"
            onEscapeKeyDown={holdKey}
            onInteractOutside={hold}
            onOpenAutoFocus={remember}
            onCloseAutoFocus={giveBack}
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          >
            <div className="grid gap-1.5">
              <Radix.Title className="text-title font-strong text-balance">{title}</Radix.Title>
              {description !== undefined && <Radix.Description className="text-muted">{description}</Radix.Description>}
            </div>
            {children}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The answers at the end of a dialog or form; on a phone they stand above each other, the act first. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">{children}</div>;
}
