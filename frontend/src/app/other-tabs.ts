// Tells the other tabs of this browser in which conversation a turn began or ended, which costs the server nothing. Knows not what they do with it.
import { useCallback, useEffect, useRef } from 'react';

/** Gives what tells the others; `onTold` hears it from them, where the same person is signed in. */
export function useOtherTabs(owner: string, onTold: (conversationId: string) => void): (conversationId: string) => void {
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    const own = new BroadcastChannel(`omniai:${owner}`);
    own.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') onTold(data);
    });
    channel.current = own;
    return () => own.close();
  }, [owner, onTold]);
  return useCallback((conversationId) => channel.current?.postMessage(conversationId), []);
}
