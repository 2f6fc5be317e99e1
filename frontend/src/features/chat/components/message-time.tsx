// When a message was written: the time, with its date when that is not today.
import { useState } from 'react';

import { clockTime } from '../../../shared/i18n/formats';
import { useLocale } from '../../../shared/i18n/i18n';

export function MessageTime({ iso }: { iso: string }) {
  const locale = useLocale();
  const [now] = useState(() => new Date());
  return <time dateTime={iso}>{clockTime(iso, now, locale)}</time>;
}
