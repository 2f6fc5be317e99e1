import { describe, expect, it } from 'vitest';

import { clockTime } from '../../../shared/i18n/formats';
import { ApiError } from '../../../shared/api/errors';
import type { MetaData } from '../stream/events';
import type { Turn } from '../stream/reduce-turn';
import { troubleOf } from '../stream/trouble';
import {
  finishWords,
  isWorthRepeating,
  keptAfterParting,
  keptAfterRefusal,
  nextStep,
  noteOf,
  seatWords,
  sourceWords,
  spokenSeatWords,
  storedTrouble,
  timeWords,
  toldApart,
  troubleWords,
  type Wish,
} from './phrases';
import { words as t } from './use-words';

describe('words', () => {
  it('says what was kept, and does not claim what nobody knows', () => {
    expect(keptAfterRefusal(t, 'ask', { code: 'PROVIDER_UNREACHABLE' })).toBe('Nothing was sent. Your question is back in the box.');
    expect(keptAfterRefusal(t, 'ask', { code: 'OVERLOADED', waits: true })).toBe('Your question waits above the box.');
    expect(keptAfterRefusal(t, 'ask', { code: 'ASKED_BEFORE' })).toBeNull();
    expect(keptAfterRefusal(t, 'retry', { code: 'PROVIDER_UNREACHABLE' })).toBe('The conversation stands as it was.');
    expect(keptAfterRefusal(t, 'continue', { code: 'BACKEND_AWAY' })).toBe('The answer stands as it was.');
    expect(keptAfterParting(t, 'SESSION_EXPIRED')).toBe('The answer goes on at home.');
    expect(keptAfterParting(t, 'CONVERSATION_NOT_FOUND')).toBeNull();
  });

  it('has a sentence for a stored code that it does not know', () => {
    expect(troubleWords(t, storedTrouble('SOMETHING_NEW'))).toBe('The answer failed.');
  });

  it('says how an answer ended, and shows what a newer server says', () => {
    expect(finishWords(t, 'complete', 'length')).toBe('It reached its greatest length.');
    expect(finishWords(t, 'stopped', 'stop')).toBe('It was stopped.');
    expect(finishWords(t, 'complete', 'content_filter')).toBe('content_filter');
    expect(finishWords(t, 'complete', null)).toBeNull();
    expect(sourceWords(t, 'user')).toBe('your own default');
    expect(sourceWords(t, 'something-new')).toBe('something-new');
  });

  it('writes counts and times plainly', () => {
    expect(timeWords(t, 59)).toBe('59 s');
    expect(timeWords(t, 75)).toBe('1 min 15 s');
    expect(t('answer.tokens', { count: 1 })).toBe('1 token');
    expect(t('answer.aboutTokens', { count: 1234 })).toBe('about 1,234 tokens');
    const now = new Date(2026, 0, 2, 12, 0);
    expect(clockTime(new Date(2026, 0, 2, 9, 30).toISOString(), now, 'en')).not.toContain(',');
    expect(clockTime(new Date(2026, 0, 1, 9, 30).toISOString(), now, 'en')).toContain(',');
    expect(clockTime(new Date(2025, 0, 1, 9, 30).toISOString(), now, 'en')).toContain('2025');
  });
});

describe('troubleOf', () => {
  it('says what is wrong with the question', () => {
    const fields = [{ field: 'message.content', problem: 'must have at most 9 characters' }];
    const error = new ApiError({ code: 'VALIDATION_ERROR', message: 'Some fields are not as expected.', status: 422, fields });
    expect(troubleWords(t, troubleOf(error, 0))).toBe('The question must have at most 9 characters.');
  });

  it('knows when trying again makes sense', () => {
    const error = new ApiError({ code: 'PROVIDER_BUSY', message: 'Busy.', status: 503, retryAfter: 7 });
    expect(troubleOf(error, 1000)).toMatchObject({ code: 'PROVIDER_BUSY', retryAt: 8000 });
    expect(troubleOf(new TypeError('network error'), 1000)).toMatchObject({ code: 'BACKEND_AWAY', retryAt: null });
  });
});

const placeAt = (ahead: number, estimateSeconds: number) => ({ ahead, estimateSeconds, at: 0 });

describe('words of the queue', () => {
  it.each([
    [2, 20, 'Waiting for a seat at the model. 2 answers go first, about 20 seconds.'],
    [1, 1, 'Waiting for a seat at the model. 1 answer goes first, about 1 second.'],
    [0, 61, 'Waiting for a seat at the model. You are next, about 2 minutes.'],
    [1234, 60, `Waiting for a seat at the model. ${(1234).toLocaleString()} answers go first, about 1 minute.`],
  ])('with %i ahead and %i seconds', (ahead, estimate, words) => {
    expect(seatWords(t, placeAt(ahead, estimate), false)).toBe(words);
  });

  it('promises no time that has passed, and knows no place that was not told', () => {
    expect(seatWords(t, placeAt(0, 5), true)).toBe('Waiting for a seat at the model. You are next. It takes longer than usual.');
    expect(seatWords(t, null, false)).toBe('Waiting for a seat at the model.');
  });

  it('does not speak every step of a long queue', () => {
    const spoken = [9, 8, 4, 3, 2, 1, 0].map((ahead) => spokenSeatWords(t, placeAt(ahead, 10)));
    expect(new Set(spoken.slice(0, 3)).size).toBe(1);
    expect(new Set(spoken).size).toBe(5);
    expect(spoken.at(-1)).toBe('Waiting for a seat at the model. You are next.');
  });
});

const turn = (selection: Partial<MetaData['selection']>, dropped = 0, phase: Turn['phase'] = 'ended', connected = true) => {
  const chosen = { source: 'first', fallback_from: null, reason: null, ...selection };
  return { phase, connected, meta: { model: 'tiny-chat', selection: chosen, context: { tokens: 1, dropped } } } as Turn;
};
const away = { fallback_from: 'lmstudio/qwen-3', reason: 'its model server is away' };

describe('noteOf', () => {
  it('says which model was not available, why, and which answers', () => {
    expect(noteOf(t, turn(away))).toBe('qwen-3 was not available: its model server is away. tiny-chat answered.');
    expect(noteOf(t, turn(away, 0, 'running'))).toBe('qwen-3 was not available: its model server is away. tiny-chat answers.');
    expect(noteOf(t, turn({ fallback_from: 'lmstudio/qwen/qwen-3' }))).toBe('qwen/qwen-3 was not available. tiny-chat answered.');
    expect(noteOf(t, turn({ fallback_from: 'qwen-3' }))).toBe('qwen-3 was not available. tiny-chat answered.');
  });

  it('adds what was left out, and goes back behind a lost line', () => {
    expect(noteOf(t, turn({}))).toBeNull();
    expect(noteOf(t, turn(away, 1))).toBe(`${noteOf(t, turn(away))} One older message did not fit the model’s context and was left out.`);
    expect(noteOf(t, turn(away, 0, 'running', false))).toContain('The line was lost.');
  });
});

const conflict = (limit: number | null) => ({ code: 'CONFLICT', message: 'Conflict.', requestId: 'r', retryAt: null, limit });
const told = (limit: number | null, wish: Wish, answers = 0) => {
  const trouble = toldApart(conflict(limit), wish, answers);
  return [troubleWords(t, trouble), nextStep(t, trouble.code)];
};

describe('toldApart', () => {
  it('says what is full, with the server’s number, and what to do', () => {
    const full = `This conversation is full: it holds at most ${(10_000).toLocaleString()} messages.`;
    expect(told(10_000, 'ask')).toEqual([full, 'Start a new conversation.']);
    expect(told(10_000, 'retry', 3)).toEqual([full, 'Start a new conversation.']);
    expect(told(100, 'retry', 100)).toEqual([
      'This question has 100 answers, as many as one may have.',
      'Choose one of them, or ask in other words.',
    ]);
  });

  it('says why an answer cannot go on', () => {
    expect(told(null, 'continue')).toEqual([
      'Something was said after this answer, so it cannot grow any more.',
      'Ask for more in a new question.',
    ]);
  });

  it('offers no repeating, and leaves other troubles alone', () => {
    expect(isWorthRepeating(toldApart(conflict(100), 'ask', 0).code)).toBe(false);
    expect(isWorthRepeating('CONFLICT')).toBe(false);
    const busy = { ...conflict(2), code: 'TOO_MANY_STREAMS' };
    expect(toldApart(busy, 'ask', 0)).toBe(busy);
  });
});
