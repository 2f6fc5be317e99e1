import { describe, expect, it, vi } from 'vitest';

import { readEvents, type ServerEvent } from './sse';

const WIRE =
  'id: 1\nevent: meta\ndata: {"model":"läma"}\n\n: ping\n\nid: 2\r\nevent: delta\r\ndata: {"text":"日本 🪔"}\r\n\r\ndata: bare\n\n';
const EVENTS: ServerEvent[] = [
  { id: '1', event: 'meta', data: '{"model":"läma"}' },
  { id: '2', event: 'delta', data: '{"text":"日本 🪔"}' },
  { id: null, event: 'message', data: 'bare' },
];

function bodyOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function all(body: ReadableStream<Uint8Array>): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

describe('readEvents', () => {
  const bytes = new TextEncoder().encode(WIRE);

  it('reads the same events wherever the bytes are split', async () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(await all(bodyOf(bytes.slice(0, cut), bytes.slice(cut))), `cut at ${cut}`).toEqual(EVENTS);
    }
  });

  it('reads the same events byte by byte', async () => {
    expect(await all(bodyOf(...Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(EVENTS);
  });

  it('drops an event that was cut off', async () => {
    expect(await all(bodyOf(bytes, new TextEncoder().encode('id: 3\ndata: half')))).toEqual(EVENTS);
  });

  it('ends without an error and cancels the body when it is aborted', async () => {
    const cancel = vi.fn<() => void>();
    const body = new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(bytes), cancel });
    const controller = new AbortController();
    const events: ServerEvent[] = [];
    for await (const event of readEvents(body, { signal: controller.signal })) {
      events.push(event);
      controller.abort();
    }
    expect(events).toHaveLength(1);
    expect(cancel).toHaveBeenCalled();
  });

  it('passes a broken line on as an error', async () => {
    const body = new ReadableStream<Uint8Array>({ start: (c) => c.error(new TypeError('network error')) });
    await expect(all(body)).rejects.toThrow('network error');
  });

  it('reports comments as a sign of life', async () => {
    const onBytes = vi.fn<() => void>();
    for await (const event of readEvents(bodyOf(new TextEncoder().encode(': ping\n\n')), { onBytes })) {
      expect(event).toBeUndefined();
    }
    expect(onBytes).toHaveBeenCalledOnce();
  });
});
