// The secret of a reset link: taken out of the address as soon as it is read, so that no history and no screen keeps it.
import { useEffect, useState } from 'react';

import { hashOf, paths } from '../../shared/config/paths';
import type { Door } from './door';

/** Null before every other door, and before this one after a reload. */
export function useResetToken(door: Door): string | null {
  const given = door.is === 'reset' ? door.token : null;
  const [kept, keep] = useState(given);
  const token = door.is === 'reset' ? (given ?? kept) : null;
  if (token !== kept) keep(token);
  useEffect(() => {
    if (given !== null) window.history.replaceState(window.history.state, '', hashOf(paths.reset));
  }, [given]);
  return token;
}
