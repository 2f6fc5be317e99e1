import { describe, expect, it } from 'vitest';

import { ApiError } from '../../shared/api/errors';
import { opening, reduceSession, type AuthConfig, type Session, type SessionEvent, type User } from './session';

const config: AuthConfig = {
  auth_mode: 'auto',
  transports: ['bearer', 'session'],
  invite_only: true,
  setup_required: true,
  password_rules: { min_length: 10, max_length: 256 },
  sso: [],
  version: '0.1.0',
};

const ada: User = {
  id: 'u1',
  username: 'ada',
  display_name: 'Ada',
  role: 'admin',
  status: 'active',
  default_provider: null,
  default_model: null,
  preferences: { memory_enabled: false, theme: 'system', ui: {} },
  created_at: '2026-01-01T00:00:00Z',
};

const away = new ApiError({ code: 'BACKEND_AWAY', message: 'away', status: 0 });

function after(...events: SessionEvent[]): Session {
  return events.reduce(reduceSession, opening);
}

describe('reduceSession', () => {
  it('opens to whoever the cookie names, else to the door', () => {
    expect(after({ type: 'opened', config, user: ada })).toEqual({ is: 'signedIn', config, user: ada });
    expect(after({ type: 'opened', config, user: null })).toEqual({ is: 'signedOut', config, after: 'nothing' });
  });

  it('can be opened again after it failed', () => {
    const failed = after({ type: 'openingFailed', error: away });
    expect(failed).toEqual({ is: 'unopened', error: away });
    expect(reduceSession(failed, { type: 'opened', config, user: ada }).is).toBe('signedIn');
  });

  it('does not lose a signed-in page to a late failure of opening', () => {
    expect(after({ type: 'opened', config, user: ada }, { type: 'openingFailed', error: away }).is).toBe('signedIn');
  });

  it('needs no set-up once somebody signed in', () => {
    const session = after({ type: 'opened', config, user: null }, { type: 'signedIn', user: ada });
    expect(session).toMatchObject({ is: 'signedIn', user: ada, config: { setup_required: false } });
  });

  it('keeps the person when the sign-in ends, and the page when they come back', () => {
    const expired = after({ type: 'opened', config, user: ada }, { type: 'sessionEnded' });
    expect(expired).toEqual({ is: 'expired', config, user: ada });
    expect(reduceSession(expired, { type: 'signedIn', user: ada }).is).toBe('signedIn');
    expect(reduceSession(expired, { type: 'signedOut' })).toMatchObject({ is: 'signedOut', after: 'signOut' });
  });

  it('leads to the sign-in after a password was reset, whoever was signed in', () => {
    expect(after({ type: 'opened', config, user: ada }, { type: 'passwordReset' })).toEqual({ is: 'signedOut', config, after: 'reset' });
    expect(after({ type: 'passwordReset' })).toBe(opening);
  });

  it('leads to the sign-in after an account was closed', () => {
    const closed = after({ type: 'opened', config, user: ada }, { type: 'accountClosed' });
    expect(closed).toEqual({ is: 'signedOut', config, after: 'closing' });
    expect(after({ type: 'accountClosed' })).toBe(opening);
  });

  it('hears of an ended sign-in only while somebody is signed in', () => {
    expect(after({ type: 'sessionEnded' })).toBe(opening);
    const out = after({ type: 'opened', config, user: null });
    expect(reduceSession(out, { type: 'sessionEnded' })).toBe(out);
  });

  it('takes over a changed profile, also behind the password dialog', () => {
    const renamed = { ...ada, display_name: 'Ada L.' };
    const changed = { type: 'userChanged', user: renamed } as const;
    expect(after({ type: 'opened', config, user: ada }, changed)).toMatchObject({ user: renamed });
    expect(after({ type: 'opened', config, user: ada }, { type: 'sessionEnded' }, changed)).toMatchObject({ is: 'expired', user: renamed });
    expect(after(changed)).toBe(opening);
  });
});
