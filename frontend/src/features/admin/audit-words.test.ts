import { describe, expect, it } from 'vitest';

import { actionWords, entryFacts, verdictWords } from './audit-words';
import type { AuditEntry } from './queries';
import { words as t } from './words/use-words';

const entry: AuditEntry = {
  seq: 12,
  at: '2026-11-23T14:05:09.123456Z',
  action: 'user.updated',
  outcome: 'success',
  actor_id: 'a',
  actor_name: 'anna',
  target_type: 'user',
  target_id: 'b',
  address: '127.0.0.1',
  user_agent: 'Browser',
  request_id: 'r-1',
  detail: { before: { role: 'user', tokens_per_day: null }, list: [1, true] },
  hash: 'abc',
};
const facts = (changed: Partial<AuditEntry>, names: Record<string, string> = {}) =>
  Object.fromEntries(entryFacts(t, { ...entry, ...changed }, (id) => names[id], 'en').map(({ name, value }) => [name, value]));

describe('actionWords', () => {
  it('has words for what it knows and leaves the rest as it is', () => {
    expect(actionWords(t, 'auth.login')).toBe('Signed in');
    expect(actionWords(t, 'moon.landed')).toBe('moon.landed');
  });
});

describe('entryFacts', () => {
  it('shows every fact, details in words', () => {
    expect(facts({}, { b: 'Ben' })).toMatchObject({
      Number: '12',
      Action: 'user.updated',
      Outcome: 'done',
      By: 'anna (a)',
      On: 'user Ben (b)',
      Address: '127.0.0.1',
      Browser: 'Browser',
      Request: 'r-1',
      'Detail: before': 'role: user, tokens_per_day: none',
      'Detail: list': '1, true',
      Hash: 'abc',
    });
  });

  it('leaves away what was erased', () => {
    const erased = facts({ actor_name: null, address: null, user_agent: null, detail: null, target_id: null, outcome: 'refused' });
    expect(Object.keys(erased)).toEqual(['Number', 'When', 'Action', 'Outcome', 'By', 'Request', 'Hash']);
    expect(erased).toMatchObject({ By: 'a', Outcome: 'refused' });
  });
});

describe('verdictWords', () => {
  it('says that all is well', () => {
    expect(verdictWords(t, { ok: true, checked: 1234, first_bad: null })).toContain('nothing in its 1,234 entries was changed');
  });

  it('names the first bad entry', () => {
    expect(verdictWords(t, { ok: false, checked: 57, first_bad: 57 })).toContain('Entry 57 is the first');
    expect(verdictWords(t, { ok: false, checked: 0, first_bad: null })).toBe('The log is not whole.');
  });
});
