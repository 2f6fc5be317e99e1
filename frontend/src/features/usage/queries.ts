// What one has used of today.
import { queryOptions } from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import { untilReset } from './allowance';

export const usageKeys = { mine: ['usage', 'mine'] as const };

export const usageQuery = queryOptions({
  queryKey: usageKeys.mine,
  queryFn: async () => given(await api.GET('/usage/me')),
  staleTime: 60_000,
  refetchInterval: ({ state: { data } }) => (data === undefined ? false : untilReset(data, Date.now())),
});
