// Turns the body of a fetch answer into Server-Sent Events. Knows the format alone: no event names, no addresses.
import { createParser } from 'eventsource-parser';

export type ServerEvent = { id: string | null; event: string; data: string };

export type ReadOptions = {
  /** Aborting ends the iteration without an error and lets go of the connection. */
  signal?: AbortSignal;
  /** Called for every chunk, comments included: a sign that the line is alive. */
  onBytes?: () => void;
};

/** Events in order. An event without its closing blank line at the end of the body is dropped, as the format demands. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { signal, onBytes }: ReadOptions = {},
): AsyncGenerator<ServerEvent, void, void> {
  const arrived: ServerEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => arrived.push({ id: id ?? null, event: event ?? 'message', data }),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const leave = () => void reader.cancel().catch(() => undefined);
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted) leave();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal?.aborted) return;
      onBytes?.();
      parser.feed(decoder.decode(value, { stream: true }));
      for (const event of arrived.splice(0)) {
        yield event;
        if (signal?.aborted) return;
      }
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', leave);
    leave();
  }
}
