// The lists of conversations and what can be done to those in them. Changes show at once and are taken back when refused.
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';
import { belongs, itemsOf, withHead, without, withPlaced, type Conversation, type Filter, type Page, type Pages } from './lists';
import { forEach, SomeFailed } from './one-by-one';

export type Changes = {
  title?: string;
  pinned?: boolean;
  archived?: boolean;
  use_memory?: boolean;
  temporary?: boolean;
  provider?: string;
  model?: string;
};
export type TextHit = components['schemas']['SearchHit'];
type Change = { ids: readonly string[]; changes: Changes };

/** The first page is on the screen soon; the others are few. */
const FIRST_PAGE = 50;
const PAGE = 200;
const BUSY_POLL_MS = 2500;

export const conversationKeys = {
  lists: ['conversations', 'list'] as const,
  list: (filter: Filter) => ['conversations', 'list', filter] as const,
  running: ['conversations', 'running'] as const,
  texts: ['conversations', 'texts'] as const,
  memory: (id: string) => ['conversations', 'memory', id] as const,
};

export function listQuery(filter: Filter) {
  return infiniteQueryOptions({
    queryKey: conversationKeys.list(filter),
    queryFn: ({ pageParam, signal }): Promise<Page> => readPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: cursor }) => cursor,
    // A list is not read again as a whole: `refreshLists` asks for its newest page.
    staleTime: Infinity,
  });
}

/** Messages that hold what is looked for; the filters that one types stand above these. */
export function textsQuery(archived: boolean, q: string) {
  return queryOptions({
    queryKey: [...conversationKeys.texts, archived, q] as const,
    queryFn: async ({ signal }): Promise<TextHit[]> => {
      const query = { q: `in:messages ${archived ? 'in:archive ' : ''}${q}` };
      return given(await api.GET('/search', { params: { query }, signal })).items.filter((hit) => hit.message_id !== null);
    },
  });
}

/** Whether memory is used in a conversation, which no list tells. */
export function memoryUseQuery(id: string) {
  return queryOptions({
    queryKey: conversationKeys.memory(id),
    queryFn: async ({ signal }): Promise<boolean> => {
      const found = given(await api.GET('/conversations/{conversation_id}', { params: { path: { conversation_id: id } }, signal }));
      return found.use_memory;
    },
    staleTime: 0,
  });
}

/** The conversations that are being answered, wherever they were asked. */
export const runningQuery = queryOptions({
  queryKey: conversationKeys.running,
  queryFn: async ({ client, signal }): Promise<string[]> => {
    const ids = given(await api.GET('/chat/active', { signal })).items.map(({ conversation_id: id }) => id);
    const before = client.getQueryData<string[]>(conversationKeys.running);
    // What began or ended elsewhere moved up in the lists.
    if (before !== undefined && before.join() !== ids.join()) void refreshHeads(client);
    return ids;
  },
  staleTime: 0,
  // Nothing is asked while nothing runs: an open page must cost a tunnel nothing.
  refetchInterval: ({ state }) => ((state.data?.length ?? 0) > 0 ? BUSY_POLL_MS : false),
});

/** The view of a conversation was left in the middle of an answer, or the answer has ended in it. */
export function noteRunning(queries: QueryClient, id: string, runs: boolean): void {
  queries.setQueryData<string[]>(conversationKeys.running, (before = []) => [
    ...before.filter((each) => each !== id),
    ...(runs ? [id] : []),
  ]);
}

/** Whether something runs that the page does not read is asked for once, and again as long as it does. */
export function lookForRunning(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: conversationKeys.running });
}

/** Puts a conversation, as the page itself knows it, where it belongs in the lists; `moved`: above all that is there. */
export async function placeConversation(queries: QueryClient, conversation: Conversation, moved: boolean): Promise<void> {
  const others = cachedLists(queries).flatMap(({ pages }) => itemsOf(pages).find(({ id }) => id !== conversation.id) ?? []);
  // The server's clock may be before this device's.
  const newest = Math.max(Date.now(), ...others.map(({ last_message_at: at }) => Date.parse(at) + 1));
  await arrange(queries, [moved ? { ...conversation, last_message_at: new Date(newest).toISOString() } : conversation]);
}

/** Something happened in a conversation: what is shown of the lists, and who is being answered, is looked at again. */
export async function refreshLists(queries: QueryClient): Promise<void> {
  lookForRunning(queries);
  await refreshHeads(queries);
}

async function refreshHeads(queries: QueryClient): Promise<void> {
  void refreshTexts(queries);
  queries.removeQueries({ queryKey: conversationKeys.lists, type: 'inactive', predicate: ({ queryKey }) => isSearch(queryKey[2]) });
  const refresh = async (filter: Filter): Promise<void> => {
    const head = await readPage(filter, null);
    await edit(queries, filter, (pages) => withHead(pages, head));
  };
  // What cannot be read now stays as it was; the page says by itself that the backend is away.
  await Promise.allSettled(cachedLists(queries).map(({ filter }) => refresh(filter)));
}

export function useChangeConversations(): UseMutationResult<void, Error, Change, Conversation[]> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, changes }) =>
      forEach(ids, (id) => api.PATCH('/conversations/{conversation_id}', { params: { path: { conversation_id: id } }, body: changes })),
    onMutate: async ({ ids, changes }) => {
      const before = knownOf(queries, ids);
      await arrange(
        queries,
        before.map((each) => ({ ...each, ...changes })),
      );
      return before;
    },
    onError: (error, _change, before = []) =>
      arrange(queries, error instanceof SomeFailed ? before.filter(({ id }) => error.ids.includes(id)) : before),
    onSettled: (_done, _error, { ids, changes }) => {
      if (changes.use_memory !== undefined) for (const id of ids) queries.removeQueries({ queryKey: conversationKeys.memory(id) });
      void refreshTexts(queries);
    },
  });
}

export async function deleteConversation(id: string): Promise<void> {
  // Goes on when the page is left.
  await api.DELETE('/conversations/{conversation_id}', { params: { path: { conversation_id: id } }, keepalive: true });
}

export async function forgetConversations(queries: QueryClient, ids: readonly string[]): Promise<void> {
  const gone = new Set(ids);
  await Promise.all(cachedLists(queries).map(({ filter }) => edit(queries, filter, (pages) => without(pages, gone))));
  await refreshTexts(queries);
}

/** What the server finds may have changed with what was done. */
function refreshTexts(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: conversationKeys.texts });
}

function isSearch(filter: unknown): boolean {
  return (filter as Filter).q !== '';
}

async function readPage({ archived, pinned, q }: Filter, cursor: string | null, signal?: AbortSignal): Promise<Page> {
  const query = {
    archived,
    limit: cursor === null ? FIRST_PAGE : PAGE,
    ...(pinned === null ? {} : { pinned }),
    ...(q === '' ? {} : { q }),
    ...(cursor === null ? {} : { cursor }),
  };
  return given(await api.GET('/conversations', { params: { query }, ...(signal ? { signal } : {}) }));
}

/** Puts conversations as they are now into every list that holds them, and takes them out of every other. */
async function arrange(queries: QueryClient, conversations: readonly Conversation[]): Promise<void> {
  await Promise.all(
    cachedLists(queries).map(({ filter }) =>
      edit(queries, filter, (pages) =>
        conversations.reduce((list, each) => (belongs(filter, each) ? withPlaced(list, each) : without(list, new Set([each.id]))), pages),
      ),
    ),
  );
}

function knownOf(queries: QueryClient, ids: readonly string[]): Conversation[] {
  const known = new Map(cachedLists(queries).flatMap(({ pages }) => itemsOf(pages).map((each) => [each.id, each] as const)));
  return ids.flatMap((id) => known.get(id) ?? []);
}

function cachedLists(queries: QueryClient): { filter: Filter; pages: Pages }[] {
  const cached = queries.getQueriesData<Pages>({ queryKey: conversationKeys.lists });
  return cached.flatMap(([key, pages]) => (pages ? [{ filter: key[2] as Filter, pages }] : []));
}

/** A page that is on its way would undo the edit, so it is called off first. */
async function edit(queries: QueryClient, filter: Filter, change: (pages: Pages) => Pages): Promise<void> {
  const queryKey = conversationKeys.list(filter);
  await queries.cancelQueries({ queryKey, exact: true });
  queries.setQueryData<Pages>(queryKey, (pages) => pages && change(pages));
}
