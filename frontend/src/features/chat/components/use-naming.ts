// Looks a few times, for a short while, for the title that the model gives a conversation after its first answer.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';

import { tryWhileSeen } from '../../../shared/lib/try-while-seen';
import { conversationQuery, isUnnamed, type Conversation } from '../queries';

const WAITS_MS = [1000, 1500, 2500, 4000, 6000];

/** The looking goes on when another conversation is opened meanwhile, and ends with the view. */
export function useNaming(onNamed: (conversation: Conversation) => void): (conversationId: string) => void {
  const cache = useQueryClient();
  const stops = useRef(new Map<string, () => void>());
  useEffect(() => {
    const running = stops.current;
    return () => running.forEach((stop) => stop());
  }, []);
  return useCallback(
    (id: string) => {
      stops.current.get(id)?.();
      const look = async (): Promise<boolean> => {
        const conversation = await cache.fetchQuery({ ...conversationQuery(id), staleTime: 0 });
        const unnamed = isUnnamed(conversation.title, conversation);
        if (!unnamed) onNamed(conversation);
        return !unnamed;
      };
      stops.current.set(id, tryWhileSeen(look, WAITS_MS));
    },
    [cache, onNamed],
  );
}
