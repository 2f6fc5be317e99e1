// What is remembered of oneself: read, added, said otherwise, forgotten.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import { ApiError } from '../../shared/api/errors';
import type { components } from '../../shared/api/generated/schema';

export type Memory = components['schemas']['MemoryOut'];

export const memoryKeys = { all: ['memories'] as const };

export function memoriesQuery(q: string) {
  return infiniteQueryOptions({
    queryKey: [...memoryKeys.all, q] as const,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...(q && { q }), ...(pageParam !== null && { cursor: pageParam }) };
      return given(await api.GET('/memory', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    // Answers add to it behind the page's back.
    staleTime: 0,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** One memory, null once it is forgotten. */
export function memoryQuery(id: string) {
  return queryOptions({
    queryKey: [...memoryKeys.all, { id }] as const,
    queryFn: async ({ signal }): Promise<Memory | null> => {
      try {
        return given(await api.GET('/memory/{memory_id}', { params: { path: { memory_id: id } }, signal }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: 0,
  });
}

/** How memories are found now: that changes when a model is loaded. */
export const memoryStateQuery = queryOptions({
  queryKey: ['memory-state'] as const,
  queryFn: async () => given(await api.GET('/memory/state')),
  staleTime: 0,
});

export async function addMemory(content: string): Promise<void> {
  await api.POST('/memory', { body: { content } });
}

export async function changeMemory(id: string, content: string): Promise<void> {
  await api.PATCH('/memory/{memory_id}', { params: { path: { memory_id: id } }, body: { content } });
}

export async function forgetMemory(id: string): Promise<void> {
  await api.DELETE('/memory/{memory_id}', { params: { path: { memory_id: id } } });
}

export async function forgetEverything(): Promise<void> {
  await api.DELETE('/memory');
}
