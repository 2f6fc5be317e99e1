// What stands where the answer will be until its first word comes.
import { useEffect, useState } from 'react';

/** A wait shorter than this is not worth a sign. */
const QUIET_MS = 300;

export function Waiting({ model, since }: { model: string | null; since: number }) {
  const [shown, setShown] = useState(() => Date.now() - since >= QUIET_MS);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="waiting" data-shown={shown || undefined}>
      Waiting for {model ?? 'the model'}
    </p>
  );
}
