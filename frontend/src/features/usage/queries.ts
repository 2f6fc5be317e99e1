// What one has used of today.
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import { untilReset, withTurn, type Usage } from './allowance';

export const usageKeys = { mine: ['usage', 'mine'] as const };

export const usageQuery = queryOptions({
  queryKey: usageKeys.mine,
  queryFn: async (): Promise<Usage> => given(await api.GET('/usage/me')),
  staleTime: 60_000,
  refetchInterval: ({ state: { data } }) => (data === undefined ? false : untilReset(data, Date.now())),
});

/** An answer has ended, with so many tokens; null where they must be asked for. */
export function noteTurn(queries: QueryClient, tokens: number | null): void {
  if (tokens === null) void queries.invalidateQueries({ queryKey: usageKeys.mine });
  else queries.setQueryData<Usage>(usageKeys.mine, (before) => before && withTurn(before, tokens));
}
