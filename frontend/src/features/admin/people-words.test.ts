import { describe, expect, it } from 'vitest';

import { lastHere } from './people-words';
import type { Person } from './queries';
import { words as t } from './words/use-words';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const seenAt = (last: string | null): Person => ({
  id: 'p1',
  username: 'anna',
  display_name: 'Anna',
  role: 'user',
  status: 'active',
  created_at: '2026-11-01T00:00:00Z',
  last_seen_at: last,
});

describe('lastHere', () => {
  it.each([
    [null, 'never signed in'],
    ['2026-11-23T11:58:30Z', 'here now'],
    ['2026-11-23T11:57:00Z', 'last here 3 minutes ago'],
    ['2026-11-20T12:00:00Z', 'last here 3 days ago'],
  ])('says %j as %j', (last, words) => expect(lastHere(t, seenAt(last), NOW, 'en')).toBe(words));
});
