// The heading of an address. It takes the focus when the address opens, so that a screen reader says where one is.
import { useEffect, useRef, type ReactNode } from 'react';

export function PageHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} tabIndex={-1} className="text-display font-strong tracking-[-0.01em] text-balance outline-none">
      {children}
    </h1>
  );
}
