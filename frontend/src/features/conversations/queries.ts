// The list of conversations and what can be done to one. Changes show at once and are taken back when refused.
import {
  infiniteQueryOptions,
  useMutation,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';

export type Conversation = components['schemas']['ConversationOut'];
type Page = components['schemas']['Page_ConversationOut_'];
type Pages = InfiniteData<Page, string | null>;
type Changes = { title?: string; provider?: string; model?: string };

const PAGE = 50;

export const conversationKeys = { list: ['conversations'] as const };

export const conversationsQuery = infiniteQueryOptions({
  queryKey: conversationKeys.list,
  queryFn: async ({ pageParam, signal }): Promise<Page> => {
    const query = { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) };
    return given(await api.GET('/conversations', { params: { query }, signal }));
  },
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor: cursor }) => cursor,
  staleTime: 60_000,
});

export function useChangeConversation(): UseMutationResult<unknown, Error, { id: string; changes: Changes }, Kept> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, changes }) =>
      api.PATCH('/conversations/{conversation_id}', { params: { path: { conversation_id: id } }, body: changes }),
    onMutate: ({ id, changes }) => edit(queries, (items) => items.map((each) => (each.id === id ? { ...each, ...changes } : each))),
    onError: (_error, _input, kept) => takeBack(queries, kept),
  });
}

export function useDeleteConversation(): UseMutationResult<unknown, Error, string, Kept> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id) => api.DELETE('/conversations/{conversation_id}', { params: { path: { conversation_id: id } } }),
    onMutate: (id) => edit(queries, (items) => items.filter((each) => each.id !== id)),
    onError: (_error, _id, kept) => takeBack(queries, kept),
  });
}

type Kept = { pages: Pages | undefined };

/** A list that is on its way would undo the edit, so it is called off first. */
async function edit(queries: QueryClient, change: (items: Conversation[]) => Conversation[]): Promise<Kept> {
  await queries.cancelQueries({ queryKey: conversationKeys.list });
  const pages = queries.getQueryData<Pages>(conversationKeys.list);
  if (pages) {
    const edited = pages.pages.map((page) => ({ ...page, items: change(page.items) }));
    queries.setQueryData<Pages>(conversationKeys.list, { ...pages, pages: edited });
  }
  return { pages };
}

function takeBack(queries: QueryClient, kept: Kept | undefined): void {
  if (kept?.pages) queries.setQueryData(conversationKeys.list, kept.pages);
}
