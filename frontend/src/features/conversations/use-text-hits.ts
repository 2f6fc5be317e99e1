// What a search finds in the texts of conversations, once the typing rests. The titles answer at every letter and elsewhere.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { useSettled } from '../../shared/lib/use-settled';
import { useHidden } from './deletions';
import { textsQuery, type TextHit } from './queries';

export type TextHits = { state: 'off' | 'pending' | 'failed' | 'there'; hits: readonly TextHit[]; retry(): void };

const REST_MS = 200;
/** One letter stands in every text. */
const SHORTEST = 2;

export function useTextHits(archived: boolean, q: string): TextHits {
  const settled = useSettled(q, REST_MS);
  const on = q.length >= SHORTEST && settled.length >= SHORTEST;
  const { data, isError, refetch } = useQuery({
    ...textsQuery(archived, settled),
    enabled: on,
    // What was found before stays until something else is.
    placeholderData: (before, query) => (query?.queryKey[2] === archived ? before : undefined),
  });
  const hidden = useHidden();
  const hits = useMemo(() => data?.filter(({ conversation_id: id }) => !hidden.has(id)) ?? [], [data, hidden]);
  const missing = isError ? 'failed' : 'pending';
  return { state: !on ? 'off' : data === undefined ? missing : 'there', hits, retry: () => void refetch() };
}
