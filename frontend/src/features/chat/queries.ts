// The chat's server state: one conversation and the messages on its shown path. Keys are exported from here alone.
import { queryOptions } from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';

export type Message = components['schemas']['MessageOut'];
export type Conversation = components['schemas']['ConversationDetail'];

const PAGE = 200;
/** What the page itself has just noted is not asked for. */
const NOTED_MS = 3000;
const RUNNING_POLL_MS = 2000;
/** A question and its answer. */
const FIRST_MESSAGES = 2;

export const chatKeys = {
  of: (id: string) => ['chat', id] as const,
  conversation: (id: string) => ['chat', id, 'conversation'] as const,
  messages: (id: string) => ['chat', id, 'messages'] as const,
};

export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: chatKeys.conversation(id),
    queryFn: async ({ signal }): Promise<Conversation> =>
      given(await api.GET('/conversations/{conversation_id}', { params: { path: { conversation_id: id } }, signal })),
    staleTime: NOTED_MS,
  });
}

/** While no turn follows a running answer, its stored text is read again from time to time; what a turn follows is not read. */
export function messagesQuery(id: string, followed: boolean) {
  return queryOptions({
    queryKey: chatKeys.messages(id),
    queryFn: ({ signal }): Promise<Message[]> => readAll(id, false, signal),
    staleTime: followed ? Infinity : 0,
    refetchInterval: ({ state }) => (!followed && state.data?.some(isRunning) ? RUNNING_POLL_MS : false),
  });
}

export function isRunning(message: Message): boolean {
  return message.state === 'queued' || message.state === 'streaming';
}

/** How many characters of a message there are, its reasoning included. */
export function lengthOf(message: Message | undefined): number {
  if (message === undefined) return 0;
  return message.content.length + (message.parts.find(({ type }) => type === 'reasoning')?.text ?? '').length;
}

/** A question too long for a title was cut, and the model may name the conversation after its first answer. */
export function isUnnamed(title: string, { message_count: count }: Conversation): boolean {
  return title.endsWith('…') && count <= FIRST_MESSAGES;
}

/** Show the branch that runs through a message: its deepest, newest descendant becomes the end of the path. */
export async function showBranch(conversationId: string, messageId: string): Promise<void> {
  await endPathAt(conversationId, newestLeaf(await readAll(conversationId, true), messageId));
}

/** The next question follows this message; what followed it so far becomes another branch. */
export async function endPathAt(conversationId: string, messageId: string): Promise<void> {
  await api.PATCH('/conversations/{conversation_id}', {
    params: { path: { conversation_id: conversationId } },
    body: { current_leaf_id: messageId },
  });
}

export function newestLeaf(tree: readonly Message[], from: string): string {
  const children = new Map<string, string>();
  for (const { id, parent_id } of tree) if (parent_id !== null) children.set(parent_id, id);
  let leaf = from;
  for (let child = children.get(leaf); child !== undefined; child = children.get(leaf)) leaf = child;
  return leaf;
}

export type MessageChanges = components['schemas']['MessageChanges'];

export async function changeMessage(messageId: string, body: MessageChanges): Promise<void> {
  await api.PATCH('/messages/{message_id}', { params: { path: { message_id: messageId } }, body });
}

export async function deleteMessage(messageId: string): Promise<void> {
  await api.DELETE('/messages/{message_id}', { params: { path: { message_id: messageId } } });
}

export async function cancelGeneration(generationId: string): Promise<void> {
  await api.POST('/chat/cancel/{generation_id}', { params: { path: { generation_id: generationId } } });
}

export async function readAll(conversationId: string, all: boolean, signal?: AbortSignal): Promise<Message[]> {
  const items: Message[] = [];
  let cursor: string | null = null;
  do {
    const query = { limit: PAGE, all, ...(cursor !== null && { cursor }) };
    const params = { path: { conversation_id: conversationId }, query };
    const page: { items: Message[]; next_cursor: string | null } = given(
      await api.GET('/conversations/{conversation_id}/messages', signal ? { params, signal } : { params }),
    );
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}
