import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ApiError } from '../../../shared/api/errors';
import type { NumberedEvent } from './events';
import { follow, type Lines } from './follow';

const META = {
  generation_id: 'g',
  conversation_id: 'c',
  conversation_created: false,
  title: 'T',
  user_message_id: 'q',
  assistant_message_id: 'a',
  parent_id: null,
  provider: 'p',
  model: 'm',
  selection: { source: 'first', fallback_from: null, reason: null },
  context: { tokens: 1, dropped: 0 },
};
const DONE = { status: 'complete', message_id: 'a', finish_reason: 'stop', usage: null, ttft_ms: 1, elapsed_ms: 2 };
const frame = (id: number | null, event: string, data: object) =>
  `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const EVENTS = [frame(1, 'meta', META), frame(2, 'delta', { text: 'A ' }), frame(3, 'delta', { text: 'lamp.' }), frame(4, 'done', DONE)];

/** A line that carries some frames and then ends, or breaks. */
function line(frames: string[], broken = false): Response {
  const bytes = frames.map((text) => new TextEncoder().encode(text));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = bytes.shift();
      if (next) controller.enqueue(next);
      else if (broken) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
  return new Response(body);
}

function refusal(code: ApiError['code'], status: number): ApiError {
  return new ApiError({ code, message: code, requestId: 'r', status });
}

function watched() {
  const events: NumberedEvent[] = [];
  const reader = { onEvent: (event: NumberedEvent) => void events.push(event), onLost: vi.fn<() => void>(), onBack: vi.fn<() => void>() };
  const text = () => events.map(({ event }) => (event.type === 'delta' ? event.data.text : '')).join('');
  return { events, reader, text };
}

async function run(lines: Lines, generationId: string | null = null, controller = new AbortController()) {
  const { events, reader, text } = watched();
  const following = follow(lines, generationId, reader, controller.signal);
  await vi.advanceTimersByTimeAsync(60_000);
  return { outcome: await following, events, text: text(), reader };
}

const nowhere: Lines['attach'] = () => Promise.reject(new Error('not expected'));

describe('follow', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reads a stream to its end', async () => {
    const { outcome, text, reader } = await run({ open: async () => line(EVENTS), attach: nowhere });
    expect(outcome).toEqual({ type: 'done' });
    expect(text).toBe('A lamp.');
    expect(reader.onLost).not.toHaveBeenCalled();
  });

  it('takes a broken line up again behind the last event', async () => {
    const attach = vi
      .fn<Lines['attach']>()
      .mockRejectedValueOnce(refusal('BACKEND_AWAY', 0))
      .mockRejectedValueOnce(refusal('DRAINING', 503))
      .mockResolvedValueOnce(line([EVENTS[2] ?? '']))
      .mockResolvedValueOnce(line([EVENTS[3] ?? '']));
    const { outcome, text, reader } = await run({ open: async () => line(EVENTS.slice(0, 2), true), attach });
    expect(outcome).toEqual({ type: 'done' });
    expect(text).toBe('A lamp.');
    expect(attach.mock.calls.map(([generation, after]) => [generation, after])).toEqual([
      ['g', 2],
      ['g', 2],
      ['g', 2],
      ['g', 3],
    ]);
    expect(reader.onLost).toHaveBeenCalledTimes(4);
  });

  it('leaves a line that is silent for too long', async () => {
    const silent = new Response(new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(new TextEncoder().encode(EVENTS[0])) }));
    const attach = vi.fn<Lines['attach']>().mockResolvedValue(line(EVENTS.slice(1)));
    const { outcome, text } = await run({ open: async () => silent, attach });
    expect(outcome).toEqual({ type: 'done' });
    expect(text).toBe('A lamp.');
  });

  it('reports a refusal before the stream, and a line that broke before anything was known', async () => {
    const busy = await run({ open: () => Promise.reject(refusal('PROVIDER_UNREACHABLE', 503)), attach: nowhere });
    expect(busy.outcome).toMatchObject({ type: 'refused', trouble: { code: 'PROVIDER_UNREACHABLE', requestId: 'r' } });
    const cut = await run({ open: async () => line([], true), attach: nowhere });
    expect(cut.outcome).toMatchObject({ type: 'refused', trouble: { code: 'BACKEND_AWAY' } });
  });

  it('joins the answer of a question that had arrived before', async () => {
    const conflict = new ApiError({ code: 'IDEMPOTENCY_CONFLICT', message: 'Running.', status: 409, generationId: 'g' });
    const attach = vi.fn<Lines['attach']>().mockRejectedValueOnce(refusal('BACKEND_AWAY', 0)).mockResolvedValueOnce(line(EVENTS));
    const { outcome, text } = await run({ open: () => Promise.reject(conflict), attach });
    expect(outcome).toEqual({ type: 'done' });
    expect(text).toBe('A lamp.');
    expect(attach.mock.calls.map(([generation, after]) => [generation, after])).toEqual([
      ['g', 0],
      ['g', 0],
    ]);
  });

  it('ends when the stream is no longer kept', async () => {
    const attach = vi.fn<Lines['attach']>().mockRejectedValue(refusal('STREAM_GONE', 410));
    expect((await run({ open: null, attach }, 'g')).outcome).toEqual({ type: 'gone' });
    expect(attach).toHaveBeenCalledOnce();
  });

  it('parts when the session ended, told by an event or by a refusal', async () => {
    const told = frame(null, 'error', { code: 'SESSION_EXPIRED', message: 'Ended.', retryable: false, request_id: 'r' });
    const byEvent = await run({ open: async () => line([EVENTS[0] ?? '', told]), attach: nowhere });
    expect(byEvent.outcome).toMatchObject({ type: 'parted', trouble: { code: 'SESSION_EXPIRED' } });
    const attach = vi.fn<Lines['attach']>().mockRejectedValue(refusal('AUTH_REQUIRED', 401));
    const byRefusal = await run({ open: null, attach }, 'g');
    expect(byRefusal.outcome).toMatchObject({ type: 'parted', trouble: { code: 'AUTH_REQUIRED' } });
  });

  it('parts from a stream of another protocol instead of asking for it again and again', async () => {
    const odd = frame(2, 'delta', { words: 'A' });
    const { outcome } = await run({ open: async () => line([EVENTS[0] ?? '', odd]), attach: nowhere });
    expect(outcome).toMatchObject({ type: 'parted', trouble: { code: 'UNREADABLE_STREAM' } });
  });

  it('leaves quietly when the reader leaves', async () => {
    const controller = new AbortController();
    const open = async () => {
      controller.abort();
      return line(EVENTS);
    };
    const { outcome, events } = await run({ open, attach: nowhere }, null, controller);
    expect(outcome).toEqual({ type: 'left' });
    expect(events).toEqual([]);
  });
});
