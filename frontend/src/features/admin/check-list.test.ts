import { describe, expect, it } from 'vitest';

import { checkList } from './check-list';
import type { ModelServer, Overview } from './queries';

const server = (changes: Partial<ModelServer>): ModelServer => ({
  id: 'lmstudio',
  label: 'LM Studio',
  location: 'home',
  state: 'up',
  checked_at: null,
  models: 2,
  error_code: null,
  latency_ms: null,
  cut_off: false,
  ...changes,
});
const fresh = {
  users: { total: 1, active: 1, disabled: 0, admins: 1 },
  open_invites: 0,
  public_url: false,
  origin_lock: false,
  backup: { every_hours: null, proven_at: null, tried_at: null, problem: null },
} as Overview;
const done = (figures: Overview, servers: ModelServer[]) =>
  checkList(figures, servers)
    .filter((standing) => standing.done)
    .map(({ step }) => step);

describe('checkList', () => {
  it('has everything before it in a fresh installation', () => {
    expect(checkList(fresh, []).map(({ step }) => step)).toEqual(['model', 'invite', 'address', 'lock', 'backup']);
    expect(done(fresh, [])).toEqual([]);
  });

  it('takes neither the Guide nor a server that is away or empty for a model', () => {
    expect(done(fresh, [server({ id: 'guide' }), server({ state: 'down' }), server({ models: 0 })])).toEqual([]);
    expect(done(fresh, [server({})])).toEqual(['model']);
  });

  it('counts an open invite and somebody who came alike', () => {
    expect(done({ ...fresh, open_invites: 1 }, [])).toEqual(['invite']);
    expect(done({ ...fresh, users: { ...fresh.users, total: 2 } }, [])).toEqual(['invite']);
  });

  it('wants a backup that was proven, and the last one not to have failed', () => {
    const proven = { ...fresh.backup, every_hours: 24, proven_at: '2026-11-25T10:00:00Z', tried_at: '2026-11-26T10:00:00Z' };
    expect(done({ ...fresh, backup: proven }, [])).toEqual(['backup']);
    expect(done({ ...fresh, backup: { ...proven, problem: 'The disk is full.' } }, [])).toEqual([]);
  });

  it('knows the address and the lock', () => {
    expect(done({ ...fresh, public_url: true, origin_lock: true }, [])).toEqual(['address', 'lock']);
  });
});
