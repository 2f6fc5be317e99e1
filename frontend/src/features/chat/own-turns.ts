// What the page knows of the turns it reads itself, so that it need not ask: a conversation that began, the messages that one added. A
// tunnel counts requests, and a preflight for each address besides.
import type { QueryClient } from '@tanstack/react-query';

import { chatKeys, isRunning, readAll, type Conversation, type Message } from './queries';
import type { MetaData } from './stream/events';
import type { Turn } from './stream/reduce-turn';
import type { Sampling } from './stream/use-turn';

export type Wishes = { choice: { provider: string; model: string } | null; sampling: Sampling };

/** A turn was taken: the conversation as it is now; null where nothing is known of it. */
export function noteBegun(cache: QueryClient, meta: MetaData, wishes: Wishes): Conversation | null {
  const { conversation_id: id, conversation_created: created, generation_id: active } = meta;
  const known = created ? made(meta, wishes) : cache.getQueryData<Conversation>(chatKeys.conversation(id));
  if (known === undefined) return null;
  // A conversation that was made empty gets its title with its first question.
  const begun: Conversation = { ...known, title: meta.title, active_generation_id: active };
  cache.setQueryData(chatKeys.conversation(id), begun);
  if (created) cache.setQueryData<Message[]>(chatKeys.messages(id), []);
  return begun;
}

/**
 * A turn has ended: notes what it added, or reads the path anew where that cannot be told, and gives the conversation as it is now; null where more has
 * happened than the turn tells of, and nothing is noted.
 */
export async function noteEnded(cache: QueryClient, id: string, turn: Turn): Promise<Conversation | null> {
  const now = (): Conversation | undefined => cache.getQueryData(chatKeys.conversation(id));
  const known = cache.getQueryData<Message[]>(chatKeys.messages(id)) ?? [];
  const before = now();
  const path = (before && appended(known, before, turn)) ?? (await readAll(id, false));
  const newest = path.at(-1);
  // It may have been changed while the path was read.
  const conversation = now();
  if (conversation === undefined || newest === undefined || isRunning(newest)) return null;
  const ids = new Set(known.map((message) => message.id));
  const ended: Conversation = {
    ...conversation,
    active_generation_id: null,
    current_leaf_id: newest.id,
    message_count: conversation.message_count + path.filter((message) => !ids.has(message.id)).length,
  };
  cache.setQueryData<Message[]>(chatKeys.messages(id), path);
  cache.setQueryData(chatKeys.conversation(id), ended);
  return ended;
}

/**
 * The path with a question and its answer at its end, as the server has stored them by the time that it says `done`; null where only
 * the server knows: with branches beside the path, or after an end that was none of the model's or the person's.
 */
export function appended(known: readonly Message[], { message_count: count }: Conversation, turn: Turn): Message[] | null {
  const { origin, meta, end } = turn;
  const last = known.at(-1)?.id ?? null;
  if (origin.kind !== 'ask' || meta === null || meta.parent_id !== last || count !== known.length) return null;
  if (end?.status !== 'complete' && end?.status !== 'stopped') return null;
  const { user_message_id: questionId, assistant_message_id: answerId, provider, model } = meta;
  const common = { conversation_id: meta.conversation_id, sibling_index: 0, sibling_count: 1, attachments: [], feedback: null };
  const at = new Date(turn.startedAt).toISOString();
  const question: Message = {
    ...common,
    id: questionId,
    parent_id: meta.parent_id,
    role: 'user',
    content: origin.question,
    parts: [{ type: 'text', text: origin.question }],
    state: 'complete',
    provider: null,
    model: null,
    usage: null,
    finish_reason: null,
    ttft_ms: null,
    elapsed_ms: null,
    sibling_ids: [questionId],
    memory_ids: [],
    created_at: at,
  };
  const answer: Message = {
    ...common,
    id: answerId,
    parent_id: questionId,
    role: 'assistant',
    content: turn.text,
    parts: partsOf(turn),
    state: end.status,
    provider,
    model,
    usage: end.usage,
    finish_reason: end.finishReason,
    ttft_ms: end.ttftMs,
    elapsed_ms: end.elapsedMs,
    sibling_ids: [answerId],
    memory_ids: meta.memory?.ids ?? [],
    created_at: at,
  };
  return [...known, question, answer];
}

function partsOf({ reasoning, text }: Turn): Message['parts'] {
  const parts = [
    { type: 'reasoning' as const, text: reasoning },
    { type: 'text' as const, text },
  ];
  return parts.filter((part) => part.text !== '');
}

/** The view was left before an answer ended: what is known of the path lacks it, and a path that only began here is not shown as an empty one. */
export function noteLeft(cache: QueryClient, id: string): void {
  if (cache.getQueryData<Message[]>(chatKeys.messages(id))?.length === 0) cache.removeQueries({ queryKey: chatKeys.messages(id) });
}

/** As the server makes one for its first question; the messages are counted when they are read. */
function made({ conversation_id: id, title, provider, model, assistant_message_id: leaf }: MetaData, wishes: Wishes): Conversation {
  const now = new Date().toISOString();
  const temporary = wishes.sampling['temporary'] === true;
  return {
    id,
    title,
    pinned: false,
    archived: false,
    project_id: null,
    provider: wishes.choice && provider,
    model: wishes.choice && model,
    system: null,
    use_memory: !temporary,
    temporary,
    current_leaf_id: leaf,
    active_generation_id: null,
    message_count: 0,
    created_at: now,
    updated_at: now,
    last_message_at: now,
  };
}
