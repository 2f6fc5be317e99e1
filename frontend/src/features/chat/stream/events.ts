// The events of the chat stream as the wire contract has them, and their reading. Knows nothing of how they travel.
import * as v from 'valibot';

const usage = v.object({
  prompt_tokens: v.number(),
  completion_tokens: v.number(),
  total_tokens: v.number(),
  estimated: v.boolean(),
});

const SCHEMAS = {
  meta: v.object({
    generation_id: v.string(),
    conversation_id: v.string(),
    conversation_created: v.boolean(),
    title: v.string(),
    user_message_id: v.string(),
    assistant_message_id: v.string(),
    parent_id: v.nullable(v.string()),
    provider: v.string(),
    model: v.string(),
    selection: v.object({
      source: v.string(),
      fallback_from: v.nullable(v.string()),
      reason: v.nullable(v.string()),
    }),
    context: v.object({ tokens: v.number(), dropped: v.number() }),
    memory: v.optional(v.object({ ids: v.array(v.string()) })),
  }),
  delta: v.object({ text: v.string() }),
  reasoning: v.object({ text: v.string() }),
  queue: v.object({ position: v.number(), ahead: v.number(), estimate_seconds: v.number() }),
  usage,
  error: v.object({
    code: v.string(),
    message: v.string(),
    retryable: v.boolean(),
    request_id: v.string(),
    retry_after: v.optional(v.nullable(v.number())),
  }),
  done: v.object({
    status: v.picklist(['complete', 'stopped', 'interrupted', 'error']),
    message_id: v.string(),
    finish_reason: v.nullable(v.string()),
    usage: v.nullable(usage),
    ttft_ms: v.nullable(v.number()),
    elapsed_ms: v.number(),
  }),
};

type Schemas = typeof SCHEMAS;
type EventName = keyof Schemas;
type Known = { [Name in EventName]: { type: Name; data: v.InferOutput<Schemas[Name]> } }[EventName];

/** `unknown` is an event of a later server: only its number counts. */
export type ChatEvent = Known | { type: 'unknown' };
export type TokenUsage = v.InferOutput<typeof usage>;
export type MetaData = v.InferOutput<Schemas['meta']>;
export type EndStatus = v.InferOutput<Schemas['done']>['status'];

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
      return { type: name, data: v.parse(SCHEMAS[name], JSON.parse(data)) };
    case 'meta':
      return { type: name, data: v.parse(SCHEMAS.meta, JSON.parse(data)) };
    case 'queue':
      return { type: name, data: v.parse(SCHEMAS.queue, JSON.parse(data)) };
    case 'usage':
      return { type: name, data: v.parse(SCHEMAS.usage, JSON.parse(data)) };
    case 'error':
      return { type: name, data: v.parse(SCHEMAS.error, JSON.parse(data)) };
    case 'done':
      return { type: name, data: v.parse(SCHEMAS.done, JSON.parse(data)) };
    default:
      return { type: 'unknown' };
  }
}
