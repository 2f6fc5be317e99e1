// How long conversations stay, and what was deleted and may come back.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';

export type Trashed = components['schemas']['TrashedOut'];
export type Keeping = components['schemas']['KeepingOut'];

export const trashKeys = { all: ['trash'] as const };

/** What one wishes, and what the administrator has set. */
export const keepingQuery = queryOptions({
  queryKey: ['keeping'] as const,
  queryFn: async ({ signal }): Promise<Keeping> => given(await api.GET('/keeping', { signal })),
});

/** Null for ever. */
export async function setKeepDays(days: number | null): Promise<Keeping> {
  return given(await api.PUT('/keeping', { body: { keep_days: days } }));
}

export const trashQuery = infiniteQueryOptions({
  queryKey: trashKeys.all,
  queryFn: async ({ pageParam, signal }) =>
    given(await api.GET('/trash', { params: { query: pageParam === null ? {} : { cursor: pageParam } }, signal })),
  initialPageParam: null as string | null,
  // Filled from elsewhere.
  staleTime: 0,
  getNextPageParam: (page) => page.next_cursor,
});

/** Gives the address of what came back. */
export async function restore(id: string): Promise<string> {
  return given(await api.POST('/trash/{trashed_id}/restore', { params: { path: { trashed_id: id } } })).id;
}

export async function discard(id: string): Promise<void> {
  await api.DELETE('/trash/{trashed_id}', { params: { path: { trashed_id: id } } });
}

export async function emptyTrash(): Promise<void> {
  await api.DELETE('/trash');
}
