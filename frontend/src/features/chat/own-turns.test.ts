import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';

import { appended, noteBegun, noteEnded, noteLeft } from './own-turns';
import { chatKeys, type Conversation, type Message } from './queries';
import type { MetaData } from './stream/events';
import { reduceTurn, type Turn, type TurnOrigin } from './stream/reduce-turn';

const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, estimated: false };
const META: MetaData = {
  generation_id: 'g',
  conversation_id: 'c',
  conversation_created: true,
  title: 'What is a lamp?',
  user_message_id: 'q',
  assistant_message_id: 'a',
  parent_id: null,
  provider: 'p',
  model: 'tiny',
  selection: { source: 'first', fallback_from: null, reason: null },
  context: { tokens: 3, dropped: 0 },
  memory: { ids: ['m'] },
};
const ASK: TurnOrigin = { kind: 'ask', question: 'What is a lamp?', key: 'k' };

function ended(meta: MetaData, status: 'complete' | 'stopped' | 'error' = 'complete', origin = ASK): Turn {
  const first = reduceTurn(null, { type: 'begun', origin, at: Date.parse('2026-01-01T10:00:00Z') });
  const events = [
    { id: 1, event: { type: 'meta' as const, data: meta } },
    { id: 2, event: { type: 'reasoning' as const, data: { text: 'Hm.' } } },
    { id: 3, event: { type: 'delta' as const, data: { text: 'It shines.' } } },
    {
      id: 4,
      event: {
        type: 'done' as const,
        data: { status, message_id: 'a', finish_reason: 'stop', usage: USAGE, ttft_ms: 1, elapsed_ms: 2 },
      },
    },
  ];
  const turn = reduceTurn(first, { type: 'received', events, at: 1 });
  if (turn === null) throw new Error('a turn that began is there');
  return turn;
}

function begun(meta: MetaData, sampling = {}): { cache: QueryClient; conversation: Conversation } {
  const cache = new QueryClient();
  const conversation = noteBegun(cache, meta, { choice: null, sampling });
  if (conversation === null) throw new Error('a conversation that began is known');
  return { cache, conversation };
}

describe('a conversation that begins here', () => {
  it('is known without asking', () => {
    const { cache, conversation } = begun(META);
    expect(conversation).toMatchObject({
      id: 'c',
      title: 'What is a lamp?',
      active_generation_id: 'g',
      use_memory: true,
      temporary: false,
    });
    expect(conversation).toMatchObject({ provider: null, model: null });
    expect(cache.getQueryData(chatKeys.messages('c'))).toEqual([]);
  });

  it('is temporary, without memory, where that was wished for', () => {
    expect(begun(META, { temporary: true }).conversation).toMatchObject({ temporary: true, use_memory: false });
  });

  it('ends with its question and its answer, as the stream told them', async () => {
    const { cache } = begun(META);
    const conversation = await noteEnded(cache, 'c', ended(META));
    expect(conversation).toMatchObject({ active_generation_id: null, current_leaf_id: 'a', message_count: 2 });
    const [question, answer] = cache.getQueryData<Message[]>(chatKeys.messages('c')) ?? [];
    expect(question).toMatchObject({ id: 'q', parent_id: null, role: 'user', content: 'What is a lamp?', state: 'complete' });
    expect(answer).toMatchObject({ id: 'a', parent_id: 'q', content: 'It shines.', state: 'complete', usage: USAGE, memory_ids: ['m'] });
    expect(answer?.parts).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'It shines.' },
    ]);
  });
});

describe('a view that is left in the middle of an answer', () => {
  it('leaves no path behind that looks empty', () => {
    const { cache } = begun(META);
    noteLeft(cache, 'c');
    expect(cache.getQueryData(chatKeys.messages('c'))).toBeUndefined();
    cache.setQueryData(chatKeys.messages('c'), [{ id: 'q' }]);
    noteLeft(cache, 'c');
    expect(cache.getQueryData(chatKeys.messages('c'))).toEqual([{ id: 'q' }]);
  });
});

describe('a path', () => {
  const known = [{ id: 'q0' }, { id: 'a0' }] as Message[];
  const straight = { message_count: 2 } as Conversation;
  const next = { ...META, conversation_created: false, parent_id: 'a0' };

  it('goes on behind its last message', () => {
    expect(appended(known, straight, ended(next))?.map(({ id }) => id)).toEqual(['q0', 'a0', 'q', 'a']);
    expect(appended(known, straight, ended(next, 'stopped'))?.at(-1)?.state).toBe('stopped');
  });

  it('is the server’s to tell where the turn does not', () => {
    expect(appended(known, straight, ended({ ...next, parent_id: 'q0' }))).toBeNull();
    expect(appended(known, { ...straight, message_count: 3 }, ended(next))).toBeNull();
    expect(appended(known, straight, ended(next, 'error'))).toBeNull();
    expect(appended(known, straight, ended(next, 'complete', { kind: 'retry', questionId: 'q0', replacedId: 'a0' }))).toBeNull();
  });
});
