// What a page shows, kept in its address: changed at once on the page, and without a step for "back".
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';

export type Address = { fields: URLSearchParams; change(fields: URLSearchParams): void };

export function useAddress(): Address {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const [fields, setFields] = useState(() => new URLSearchParams(search));
  const [known, setKnown] = useState(search);
  // The address follows a change a moment later, and "back" changes it alone.
  if (search !== known) {
    setKnown(search);
    const settled = new URLSearchParams(search);
    if (settled.toString() !== fields.toString()) setFields(settled);
  }
  const change = (wanted: URLSearchParams): void => {
    setFields(wanted);
    navigate(`${path}?${wanted.toString()}`, { replace: true });
  };
  return { fields, change };
}
