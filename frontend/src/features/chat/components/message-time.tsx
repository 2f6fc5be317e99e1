// When a message was written: the time, with its date when that is not today.
import { useState } from 'react';

import { clockTime } from '../words';

export function MessageTime({ iso }: { iso: string }) {
  const [now] = useState(() => new Date());
  return <time dateTime={iso}>{clockTime(iso, now)}</time>;
}
