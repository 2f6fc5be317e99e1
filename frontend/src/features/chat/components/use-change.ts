// Acts once per change of a value, before the page is painted.
import { useLayoutEffect, useRef } from 'react';

export function useChange<Value>(value: Value, act: () => void): void {
  const seen = useRef<{ value: Value } | null>(null);
  useLayoutEffect(() => {
    if (seen.current?.value === value) return;
    seen.current = { value };
    act();
  });
}
