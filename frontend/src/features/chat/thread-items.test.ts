import { describe, expect, it } from 'vitest';

import { answerView } from './answer-view';
import { isUnnamed, newestLeaf, type Conversation, type Message } from './queries';
import type { EndStatus, MetaData } from './stream/events';
import { reduceTurn, type Turn, type TurnOrigin } from './stream/reduce-turn';
import { PENDING_ANSWER, PENDING_QUESTION, threadOf, unfollowed } from './thread-items';

function message(id: string, role: Message['role'], parent: string | null, more: Partial<Message> = {}): Message {
  return {
    id,
    conversation_id: 'c',
    parent_id: parent,
    role,
    content: `text of ${id}`,
    parts: [],
    state: 'complete',
    provider: 'p',
    model: 'm',
    usage: null,
    finish_reason: null,
    ttft_ms: null,
    elapsed_ms: null,
    sibling_index: 0,
    sibling_count: 1,
    sibling_ids: [id],
    attachments: [],
    memory_ids: [],
    feedback: null,
    created_at: '2026-01-01T10:00:00Z',
    ...more,
  };
}

const PATH = [message('q1', 'user', null), message('a1', 'assistant', 'q1'), message('q2', 'user', 'a1'), message('a2', 'assistant', 'q2')];

function turnOf(origin: TurnOrigin, meta: Partial<MetaData> | null, text = ''): Turn {
  const events = meta
    ? [
        { id: 1, event: { type: 'meta', data: meta as MetaData } as const },
        { id: 2, event: { type: 'delta', data: { text } } as const },
      ]
    : [];
  const turn = reduceTurn(reduceTurn(null, { type: 'begun', origin, at: 0 }), { type: 'received', events, at: 1 });
  if (turn === null) throw new Error('The turn is gone');
  return turn;
}

function shape(exchanges: ReturnType<typeof threadOf>) {
  return exchanges.map(({ question, answers }) => [question?.id, ...answers.map(({ id, live }) => (live ? `${id}*` : id))]);
}

describe('threadOf', () => {
  it('lays a question in other words over the old one and what followed it', () => {
    const origin = { kind: 'edit', question: 'In other words', questionId: 'q2', parentId: 'a1' } as const;
    expect(shape(threadOf(PATH, turnOf(origin, null)))).toEqual([
      ['q1', 'a1'],
      [PENDING_QUESTION, `${PENDING_ANSWER}*`],
    ]);
    const meta = { user_message_id: 'q3', assistant_message_id: 'a3' };
    expect(shape(threadOf(PATH, turnOf({ ...origin, questionId: 'q1', parentId: null }, meta)))).toEqual([['q3', 'a3*']]);
  });

  it('pairs questions and answers, and keeps the objects of what did not change', () => {
    const exchanges = threadOf(PATH, null);
    expect(shape(exchanges)).toEqual([
      ['q1', 'a1'],
      ['q2', 'a2'],
    ]);
    expect(threadOf(PATH, turnOf({ kind: 'ask', question: 'More?', key: 'k' }, null))[0]).toBe(exchanges[0]);
  });

  it('keeps the objects over another reading of the path, save where a message is another', () => {
    const exchanges = threadOf(PATH, null);
    const again = threadOf([...PATH.slice(0, -1), { ...(PATH.at(-1) as Message), content: 'Other' }], null);
    expect(again[0]).toBe(exchanges[0]);
    expect(again[1]).not.toBe(exchanges[1]);
  });

  it('shows a question at once, and keeps one of it when it is stored', () => {
    const origin: TurnOrigin = { kind: 'ask', question: 'More?', key: 'k' };
    expect(shape(threadOf(PATH, turnOf(origin, null))).at(-1)).toEqual([PENDING_QUESTION, `${PENDING_ANSWER}*`]);
    const turn = turnOf(origin, { user_message_id: 'q3', assistant_message_id: 'a3' }, 'Yes');
    expect(shape(threadOf(PATH, turn)).at(-1)).toEqual(['q3', 'a3*']);
    const stored = [...PATH, message('q3', 'user', 'a2'), message('a3', 'assistant', 'q3', { state: 'streaming', content: '' })];
    expect(shape(threadOf(stored, turn))).toEqual([
      ['q1', 'a1'],
      ['q2', 'a2'],
      ['q3', 'a3*'],
    ]);
  });

  it('puts another answer in the place of the one it follows, and cuts what came below', () => {
    const turn = turnOf({ kind: 'retry', questionId: 'q1', replacedId: 'a1' }, { user_message_id: 'q1', assistant_message_id: 'a9' });
    expect(shape(threadOf(PATH, turn))).toEqual([['q1', 'a9*']]);
  });

  it('shows no turn whose end is stored on a branch that is not shown', () => {
    const running = turnOf({ kind: 'ask', question: 'x', key: 'k' }, { user_message_id: 'q7', assistant_message_id: 'a7' });
    // What was read while it runs is not its end.
    expect(shape(threadOf(PATH, reduceTurn(running, { type: 'stored' })))).toHaveLength(3);
    const ended = reduceTurn(running, { type: 'stream-gone' });
    expect(shape(threadOf(PATH, reduceTurn(ended, { type: 'stored' })))).toHaveLength(2);
  });

  it('lays an attached turn over the running answer, before and after meta', () => {
    const stored = [...PATH.slice(0, 3), message('a2', 'assistant', 'q2', { state: 'streaming', content: 'So far' })];
    const before = threadOf(stored, turnOf({ kind: 'attach', generationId: 'g' }, null));
    expect(shape(before).at(-1)).toEqual(['q2', 'a2*']);
    const [answer] = before.at(-1)?.answers ?? [];
    expect(answer && answerView(answer)).toMatchObject({ state: 'running', text: 'So far' });
  });
});

describe('threadOf an answer that goes on', () => {
  const origin: TurnOrigin = { kind: 'continue', answerId: 'a2', had: 10 };

  it('lies over the answer before meta and after it, and makes none', () => {
    expect(shape(threadOf(PATH, turnOf(origin, null))).at(-1)).toEqual(['q2', 'a2*']);
    expect(shape(threadOf(PATH, turnOf(origin, { assistant_message_id: 'a2' }))).at(-1)).toEqual(['q2', 'a2*']);
    expect(shape(threadOf(PATH.slice(0, 2), turnOf(origin, { assistant_message_id: 'a2' })))).toEqual([['q1', 'a1']]);
  });
});

describe('unfollowed', () => {
  const stored = [...PATH.slice(0, 3), message('a2', 'assistant', 'q2', { state: 'streaming' })];

  it('finds a running answer that nobody reads', () => {
    expect(unfollowed(stored, null)?.id).toBe('a2');
    expect(unfollowed(PATH, null)).toBeNull();
  });

  it('does not find the one that was just read to its end', () => {
    const turn = turnOf({ kind: 'ask', question: 'x', key: 'k' }, { user_message_id: 'q2', assistant_message_id: 'a2' });
    expect(unfollowed(stored, turn)).toBeNull();
    expect(unfollowed(stored, reduceTurn(turn, { type: 'stream-gone' }))).toBeNull();
  });

  it('finds an answer again whose end was stored, and which was made to go on elsewhere', () => {
    const turn = turnOf({ kind: 'ask', question: 'x', key: 'k' }, { user_message_id: 'q2', assistant_message_id: 'a2' });
    const ended = reduceTurn(reduceTurn(turn, { type: 'stream-gone' }), { type: 'stored' });
    expect(unfollowed(stored, ended)?.id).toBe('a2');
  });
});

const item = (stored: Message | null, turn: Turn | null) =>
  ({ role: 'answer', id: 'a2', questionId: 'q2', message: stored, live: turn }) as const;

describe('answerView', () => {
  const selection = { source: 'first', fallback_from: null, reason: null };
  const context = { tokens: 1, dropped: 0 };
  const live = turnOf({ kind: 'ask', question: 'x', key: 'k' }, { assistant_message_id: 'a2', selection, context }, 'Half');
  const trouble = { code: 'PROVIDER_TIMEOUT', message: 'It took 60 seconds.', requestId: 'r', retryAt: null };
  const failed: Turn = {
    ...live,
    phase: 'ended',
    trouble,
    end: { status: 'error', ttftMs: null, elapsedMs: 1, usage: null, finishReason: null },
  };

  it('says what the server said as long as it is known, and the stored code later', () => {
    const stored = message('a2', 'assistant', 'q2', {
      state: 'error',
      content: 'Half',
      parts: [{ type: 'error', text: 'PROVIDER_TIMEOUT' }],
    });
    expect(answerView(item(null, failed))).toMatchObject({ state: 'error', text: 'Half', trouble });
    expect(answerView(item(stored, failed))).toMatchObject({ state: 'error', trouble });
    expect(answerView(item(stored, null))).toMatchObject({
      state: 'error',
      trouble: { code: 'PROVIDER_TIMEOUT', message: null },
    });
  });

  it('takes the stored whole over what this page heard', () => {
    const stored = message('a2', 'assistant', 'q2', { state: 'stopped', content: 'Half a lamp' });
    expect(answerView(item(stored, { ...live, phase: 'ended' }))).toMatchObject({ state: 'stopped', text: 'Half a lamp' });
  });
});

describe('answerView of an answer that goes on', () => {
  const selection = { source: 'first', fallback_from: null, reason: null };
  const context = { tokens: 1, dropped: 0 };
  const meta = { assistant_message_id: 'a2', model: 'other', selection, context };
  const stopped = message('a2', 'assistant', 'q2', { state: 'stopped', content: 'Half', finish_reason: null });
  const going = (text: string | null) => turnOf({ kind: 'continue', answerId: 'a2', had: 4 }, text === null ? null : meta, text ?? '');
  const ended = (status: EndStatus, text: string): Turn => ({
    ...going(text),
    phase: 'ended',
    end: { status, ttftMs: 1, elapsedMs: 5, usage: null, finishReason: 'length' },
  });

  it('keeps the text on the page while the stream says it again, and does not double it', () => {
    expect(answerView(item(stopped, going(null)))).toMatchObject({ state: 'running', text: 'Half', wait: { for: 'word' } });
    expect(answerView(item(stopped, going('Ha')))).toMatchObject({ state: 'running', text: 'Half', wait: { for: 'word' } });
    expect(answerView(item(stopped, going('Half')))).toMatchObject({ text: 'Half', wait: { for: 'word' } });
    expect(answerView(item(stopped, going('Half a lamp')))).toMatchObject({ text: 'Half a lamp', model: 'other', wait: null });
  });

  it('ends as the turn does until that is stored, and then as it is stored', () => {
    const whole = ended('complete', 'Half a lamp.');
    expect(answerView(item(stopped, whole))).toMatchObject({ state: 'complete', text: 'Half a lamp.', finishReason: 'length' });
    const stored = message('a2', 'assistant', 'q2', { content: 'Half a lamp. On.', finish_reason: 'stop' });
    expect(answerView(item(stored, { ...whole, stored: true }))).toMatchObject({ text: 'Half a lamp. On.', finishReason: 'stop' });
  });

  it('loses no text when it ends before the stream has said it again', () => {
    expect(answerView(item(stopped, ended('error', '')))).toMatchObject({ state: 'error', text: 'Half' });
  });
});

describe('answerView of one that waits for a seat', () => {
  const queued = message('a2', 'assistant', 'q2', { state: 'queued', content: '' });
  const place = { ahead: 1, estimateSeconds: 20, at: 1 };

  it('says so as it is stored, before anything was heard', () => {
    expect(answerView(item(queued, null))).toMatchObject({ state: 'running', wait: { for: 'seat', place: null } });
    expect(answerView(item(queued, turnOf({ kind: 'attach', generationId: 'g' }, null))).wait).toEqual({ for: 'seat', place: null });
  });

  it('believes the stream more than what was stored', () => {
    const selection = { source: 'first', fallback_from: null, reason: null };
    const live = turnOf(
      { kind: 'attach', generationId: 'g' },
      { assistant_message_id: 'a2', selection, context: { tokens: 1, dropped: 0 } },
    );
    expect(answerView(item(queued, { ...live, place })).wait).toEqual({ for: 'seat', place });
    expect(answerView(item(queued, { ...live, text: 'A' })).wait).toBeNull();
    expect(answerView(item(queued, live)).wait).toEqual({ for: 'word' });
  });

  it('has nothing to wait for once it has ended', () => {
    expect(answerView(item(message('a2', 'assistant', 'q2', { state: 'stopped', content: '' }), null)).wait).toBeNull();
  });
});

const holding = (count: number) => ({ message_count: count }) as Conversation;

describe('isUnnamed', () => {
  it('is so for a cut title beside the first answer alone', () => {
    expect(isUnnamed('What would be a good name for…', holding(2))).toBe(true);
    expect(isUnnamed('What would be a good name for…', holding(4))).toBe(false);
    expect(isUnnamed('Names for boats', holding(2))).toBe(false);
  });
});

describe('newestLeaf', () => {
  it('goes down the newest children', () => {
    const tree = [...PATH, message('a1b', 'assistant', 'q1'), message('q3', 'user', 'a1b'), message('a3', 'assistant', 'q3')];
    expect(newestLeaf(tree, 'a1b')).toBe('a3');
    expect(newestLeaf(tree, 'a1')).toBe('a2');
    expect(newestLeaf(tree, 'a2')).toBe('a2');
  });
});
