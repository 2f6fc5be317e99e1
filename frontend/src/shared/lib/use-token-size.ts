// A size of the style sheet in pixels, for what must be reckoned before it is drawn. Follows the width of the window.
import { useCallback, useSyncExternalStore } from 'react';

export function useTokenSize(token: `--${string}`): number {
  const read = useCallback(() => {
    const style = getComputedStyle(document.documentElement);
    return Number.parseFloat(style.getPropertyValue(token)) * Number.parseFloat(style.fontSize);
  }, [token]);
  return useSyncExternalStore(subscribe, read);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}
