import { describe, expect, it } from 'vitest';

import type { ChatEvent, EndStatus, MetaData, NumberedEvent, TokenUsage } from './events';
import { generationOf, isSilent, isUnderWay, mayGoOn, reduceTurn, type Turn, type TurnOrigin } from './reduce-turn';

const META: MetaData = {
  generation_id: 'g',
  conversation_id: 'c',
  conversation_created: true,
  title: 'Lamps',
  user_message_id: 'q',
  assistant_message_id: 'a',
  parent_id: null,
  provider: 'lmstudio',
  model: 'qwen3',
  selection: { source: 'first', fallback_from: null, reason: null },
  context: { tokens: 12, dropped: 0 },
};
const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, estimated: false };
const ASK: TurnOrigin = { kind: 'ask', question: 'What is a lamp?', key: 'k' };

const meta: ChatEvent = { type: 'meta', data: META };
const delta = (text: string): ChatEvent => ({ type: 'delta', data: { text } });
const reasoning = (text: string): ChatEvent => ({ type: 'reasoning', data: { text } });
const queue = (ahead: number): ChatEvent => ({ type: 'queue', data: { position: ahead + 1, ahead, estimate_seconds: 10 * (ahead + 1) } });
const CONTINUE: TurnOrigin = { kind: 'continue', answerId: 'a', had: 4 };
const failure: ChatEvent = {
  type: 'error',
  data: { code: 'PROVIDER_INTERRUPTED', message: 'It broke off.', retryable: true, request_id: 'r', retry_after: 5 },
};
const done = (status: EndStatus, usage: TokenUsage | null = USAGE): ChatEvent => ({
  type: 'done',
  data: { status, message_id: 'a', finish_reason: 'stop', usage, ttft_ms: 5, elapsed_ms: 900 },
});

function numbered(...events: ChatEvent[]): NumberedEvent[] {
  return events.map((event, index) => ({ id: index + 1, event }));
}

function turnAfter(origin: TurnOrigin, ...batches: NumberedEvent[][]): Turn {
  let turn = reduceTurn(null, { type: 'begun', origin, at: 1000 });
  batches.forEach((events, index) => (turn = reduceTurn(turn, { type: 'received', events, at: 2000 + index * 1000 })));
  if (turn === null) throw new Error('The turn is gone');
  return turn;
}

describe('reduceTurn', () => {
  it('gathers text, reasoning and its time', () => {
    const events = numbered(meta, reasoning('Hm'), reasoning('m.'), delta('A '), delta('lamp.'));
    const turn = turnAfter(ASK, events.slice(0, 3), events.slice(3));
    expect(turn).toMatchObject({ phase: 'running', text: 'A lamp.', reasoning: 'Hmm.', lastId: 5 });
    expect(turn).toMatchObject({ reasoningSince: 2000, reasoningUntil: 3000 });
    expect(isUnderWay(turn)).toBe(true);
    expect(generationOf(turn)).toBe('g');
  });

  it('ignores what was seen already, also within one batch', () => {
    const events = numbered(meta, delta('A '), delta('lamp.'));
    const turn = turnAfter(ASK, events, events, [...events.slice(1), { id: 4, event: delta(' On.') }]);
    expect(turn.text).toBe('A lamp. On.');
    expect(turn.lastId).toBe(4);
  });

  it.each<EndStatus>(['complete', 'stopped', 'interrupted'])('ends as %s', (status) => {
    const turn = turnAfter(ASK, numbered(meta, delta('A'), done(status)));
    expect(turn).toMatchObject({
      phase: 'ended',
      text: 'A',
      trouble: null,
      end: { status, elapsedMs: 900, usage: USAGE, finishReason: 'stop' },
    });
    expect(isUnderWay(turn)).toBe(false);
  });

  it('keeps text and trouble when an error comes before the end', () => {
    const turn = turnAfter(ASK, numbered(meta, delta('Half'), failure, done('error')));
    expect(turn).toMatchObject({ phase: 'ended', text: 'Half', end: { status: 'error' } });
    expect(turn.trouble).toEqual({ code: 'PROVIDER_INTERRUPTED', message: 'It broke off.', requestId: 'r', retryAt: 7000 });
  });

  it('takes the usage event when the end has none', () => {
    const events = numbered(meta, { type: 'usage', data: USAGE }, done('complete', null));
    expect(turnAfter(ASK, events).end?.usage).toEqual(USAGE);
  });

  it('knows its place in the queue until the first word, the last one told', () => {
    const events = numbered(meta, queue(2), queue(1), reasoning('Hm'), queue(0), delta('A'));
    const waiting = turnAfter(ASK, events.slice(0, 2), events.slice(2, 3));
    expect(waiting.place).toEqual({ ahead: 1, estimateSeconds: 20, at: 3000 });
    expect(turnAfter(ASK, events.slice(0, 4)).place).toBeNull();
    expect(turnAfter(ASK, events.slice(0, 5)).place).not.toBeNull();
    expect(turnAfter(ASK, events).place).toBeNull();
  });

  it('waits for nothing any more when it was stopped in the queue', () => {
    expect(turnAfter(ASK, numbered(meta, queue(1), done('stopped')))).toMatchObject({ phase: 'ended', place: null, text: '' });
  });

  it('is silent until there is more than there was', () => {
    expect(isSilent(turnAfter(ASK, numbered(meta, queue(1))))).toBe(true);
    expect(isSilent(turnAfter(ASK, numbered(meta, reasoning('H'))))).toBe(false);
    const events = numbered(meta, delta('Half'), queue(0), delta(' a lamp.'));
    expect(isSilent(turnAfter(CONTINUE, events.slice(0, 3)))).toBe(true);
    expect(isSilent(turnAfter(CONTINUE, events))).toBe(false);
    expect(turnAfter(CONTINUE, events).text).toBe('Half a lamp.');
  });

  it('counts an event that it does not know', () => {
    expect(turnAfter(ASK, numbered(meta, { type: 'unknown' }))).toMatchObject({ lastId: 2, text: '' });
  });

  it('does not invent the time of reasoning that it did not watch from the start', () => {
    const turn = turnAfter({ kind: 'attach', generationId: 'g' }, numbered(meta, reasoning('Hm'), delta('A')));
    expect(turn.reasoningSince).toBeNull();
    expect(turnAfter(CONTINUE, numbered(meta, reasoning('Hm'), delta('A'))).reasoningSince).toBeNull();
  });

  it('says when the line is lost and when it is back', () => {
    const turn = turnAfter(ASK, numbered(meta));
    const lost = reduceTurn(turn, { type: 'line-lost' });
    expect(lost?.connected).toBe(false);
    expect(reduceTurn(lost, { type: 'line-back' })?.connected).toBe(true);
  });

  it('remembers that the person wants it to stop until the end comes', () => {
    const sent = reduceTurn(null, { type: 'begun', origin: ASK, at: 0 });
    const stopping = reduceTurn(sent, { type: 'stop-asked' });
    expect(stopping?.stopping).toBe(true);
    expect(reduceTurn(stopping, { type: 'stop-failed' })?.stopping).toBe(false);
    expect(reduceTurn(stopping, { type: 'received', events: numbered(meta, done('stopped')), at: 1 })?.stopping).toBe(false);
  });

  it('is over without an end when the stream is gone, and unwatched when the server lets the reader go', () => {
    const turn = turnAfter(ASK, numbered(meta, delta('A')));
    expect(reduceTurn(turn, { type: 'stream-gone' })).toMatchObject({ phase: 'ended', end: null, text: 'A' });
    const trouble = { code: 'SESSION_EXPIRED', message: 'Your session has ended.', requestId: null, retryAt: null };
    expect(reduceTurn(turn, { type: 'parted', trouble, at: 5000 })).toMatchObject({ phase: 'parted', trouble });
    expect(reduceTurn(turn, { type: 'dropped' })).toBeNull();
  });

  it('may go on once something was read after the sign-in, but not after any other parting', () => {
    const turn = turnAfter(ASK, numbered(meta));
    const parted = (code: string) =>
      reduceTurn(turn, { type: 'parted', trouble: { code, message: '', requestId: null, retryAt: null }, at: 5000 });
    expect(mayGoOn(parted('SESSION_EXPIRED'), 5001)).toBe(true);
    expect(mayGoOn(parted('SESSION_EXPIRED'), 4000)).toBe(false);
    expect(mayGoOn(parted('UNREADABLE_STREAM'), 5001)).toBe(false);
    expect(mayGoOn(turn, 5001)).toBe(false);
  });

  it('does nothing without a turn', () => {
    expect(reduceTurn(null, { type: 'received', events: numbered(meta), at: 0 })).toBeNull();
    expect(reduceTurn(null, { type: 'stored' })).toBeNull();
  });
});
