// The events of the chat stream as the wire contract has them, and their reading. Knows nothing of how they travel.
import * as z from 'zod/mini';

const usage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
  estimated: z.boolean(),
});

const SCHEMAS = {
  meta: z.object({
    generation_id: z.string(),
    conversation_id: z.string(),
    conversation_created: z.boolean(),
    title: z.string(),
    user_message_id: z.string(),
    assistant_message_id: z.string(),
    parent_id: z.nullable(z.string()),
    provider: z.string(),
    model: z.string(),
    selection: z.object({
      source: z.string(),
      fallback_from: z.nullable(z.string()),
      reason: z.nullable(z.string()),
    }),
    context: z.object({ tokens: z.number(), dropped: z.number() }),
  }),
  delta: z.object({ text: z.string() }),
  reasoning: z.object({ text: z.string() }),
  queue: z.object({ position: z.number(), ahead: z.number(), estimate_seconds: z.number() }),
  usage,
  error: z.object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    request_id: z.string(),
    retry_after: z.optional(z.nullable(z.number())),
  }),
  done: z.object({
    status: z.enum(['complete', 'stopped', 'interrupted', 'error']),
    message_id: z.string(),
    finish_reason: z.nullable(z.string()),
    usage: z.nullable(usage),
    ttft_ms: z.nullable(z.number()),
    elapsed_ms: z.number(),
  }),
};

type Schemas = typeof SCHEMAS;
type EventName = keyof Schemas;
type Known = { [Name in EventName]: { type: Name; data: z.infer<Schemas[Name]> } }[EventName];

/** `unknown` is an event of a later server: only its number counts. */
export type ChatEvent = Known | { type: 'unknown' };
export type TokenUsage = z.infer<typeof usage>;
export type MetaData = z.infer<Schemas['meta']>;
export type EndStatus = z.infer<Schemas['done']>['status'];

/** `id` is null for what only this reader is told, such as the end of its session. */
export type NumberedEvent = { id: number | null; event: ChatEvent };

/** Null when a known event has another shape: the server speaks another protocol then. */
export function readEvent(id: string | null, name: string, data: string): NumberedEvent | null {
  try {
    return { id: id === null ? null : Number(id), event: parse(name, data) };
  } catch {
    return null;
  }
}

function parse(name: string, data: string): ChatEvent {
  switch (name) {
    case 'delta':
    case 'reasoning':
      return { type: name, data: SCHEMAS[name].parse(JSON.parse(data)) };
    case 'meta':
      return { type: name, data: SCHEMAS.meta.parse(JSON.parse(data)) };
    case 'queue':
      return { type: name, data: SCHEMAS.queue.parse(JSON.parse(data)) };
    case 'usage':
      return { type: name, data: SCHEMAS.usage.parse(JSON.parse(data)) };
    case 'error':
      return { type: name, data: SCHEMAS.error.parse(JSON.parse(data)) };
    case 'done':
      return { type: name, data: SCHEMAS.done.parse(JSON.parse(data)) };
    default:
      return { type: 'unknown' };
  }
}
