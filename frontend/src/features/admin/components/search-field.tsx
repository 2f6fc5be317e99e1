// A line to search with: it says what is wanted once the typing rests, on Enter and on leaving it.
import { useEffect, useRef, useState } from 'react';

import { TextField } from '../../../shared/ui/text-field';

const REST_MS = 300;

export type SearchFieldProps = { label: string; name: string; value: string; maxLength: number; onSettled(value: string): void };

export function SearchField({ label, name, value, maxLength, onSettled }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const latest = useRef(onSettled);
  useEffect(() => {
    latest.current = onSettled;
  });
  // The address was changed from elsewhere, by "back" for one: then that is what is wanted.
  if (value !== known) {
    setKnown(value);
    setTyped(value);
  }
  const wanted = typed.trim();
  useEffect(() => {
    if (wanted === value) return undefined;
    const timer = setTimeout(() => latest.current(wanted), REST_MS);
    return () => clearTimeout(timer);
  }, [wanted, value]);
  const settle = (): void => {
    if (wanted !== value) onSettled(wanted);
  };
  return (
    <TextField
      label={label}
      name={name}
      type="search"
      autoComplete="off"
      maxLength={maxLength}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
    />
  );
}
