// What is called by a key and lies over the page: the palette and the list of keys, each loaded when it is first wanted.
import { lazy, Suspense, useCallback, useState } from 'react';

import type { ModelChoice } from '../../features/models/queries';
import { useKey } from '../../shared/lib/use-key';

const Palette = lazy(async () => ({ default: (await import('./palette')).Palette }));
const KeyList = lazy(async () => ({ default: (await import('./key-list')).KeyList }));

export type OverlaysProps = {
  /** Null where no model can be chosen. */
  onModel: ((choice: ModelChoice) => void) | null;
  onSignOut(): void;
};

export function Overlays({ onModel, onSignOut }: OverlaysProps) {
  const [shown, setShown] = useState<'palette' | 'keys' | null>(null);
  useKey('palette', () => setShown('palette'));
  useKey('help', () => setShown('keys'));
  const close = useCallback(() => setShown(null), []);
  return (
    <Suspense fallback={null}>
      {shown === 'palette' && <Palette onModel={onModel} onSignOut={onSignOut} onClose={close} />}
      {shown === 'keys' && <KeyList onClose={close} />}
    </Suspense>
  );
}
