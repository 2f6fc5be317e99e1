// A day. While it is being typed it may be none for a moment, and stays as typed.
import { useState } from 'react';

import { TextField } from '../../../shared/ui/text-field';
import { isDay } from '../usage-span';

export type DayFieldProps = {
  label: string;
  name: string;
  /** "2026-11-23", or empty for none. */
  day: string;
  required?: boolean;
  problem?: string | undefined;
  onDay(day: string): void;
};

export function DayField({ day, required = false, onDay, ...rest }: DayFieldProps) {
  const [typed, setTyped] = useState(day);
  const [known, setKnown] = useState(day);
  if (day !== known) {
    setKnown(day);
    setTyped(day);
  }
  const take = (text: string): void => {
    setTyped(text);
    if (isDay(text) || (text === '' && !required)) onDay(text);
  };
  return (
    <TextField
      {...rest}
      type="date"
      required={required}
      value={typed}
      onChange={(event) => take(event.target.value)}
      onBlur={() => setTyped(day)}
    />
  );
}
