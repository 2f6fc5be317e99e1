// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { refused, startBackend, type Answer, type Asked, type Backend } from '../../testing/backend';
import { api, chooseTransport, connect, dropSignIn, given, keepSignIn, openStream, recognise } from './client';
import type { SignInAnswer } from './credentials';
import { ApiError } from './errors';

const ELSEWHERE = 'https://page.example';
const user = { id: 'u1', username: 'ada', preferences: {} } as SignInAnswer['user'];
const bearer: SignInAnswer = { user, access_token: 'a1', token_type: 'Bearer', expires_in: 900, refresh_token: 'r1', device_token: 'd1' };
const session: SignInAnswer = { user, csrf_token: 'c1' };

let backend: Backend;
let answer: (asked: Asked) => Answer;
const onSignedOut = vi.fn<() => void>();
const onReplaced = vi.fn<() => void>();

beforeEach(async () => {
  onSignedOut.mockReset();
  onReplaced.mockReset();
  answer = () => ({ json: {} });
  backend = await startBackend((asked) => answer(asked));
});

afterEach(() => backend.close());

function connectFrom(pageOrigin: string): void {
  connect(backend.url, pageOrigin, { onSignedOut, onReplaced });
}

async function failure(act: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('It was to fail with an ApiError');
  return error;
}

const rename = () => api.PATCH('/auth/me', { body: { display_name: 'Ada' } });
const me = () => api.GET('/auth/me');

describe('from the backend’s own origin', () => {
  beforeEach(() => connectFrom(backend.url));

  it('signs in with the session transport unless only the other is offered', () => {
    expect(chooseTransport(['bearer', 'session'])).toBe('session');
    expect(chooseTransport(['bearer'])).toBe('bearer');
  });

  it('sends the CSRF token with what changes something, and never with what reads', async () => {
    keepSignIn(session);
    await rename();
    await me();
    expect(backend.asked.map(({ method, headers }) => [method, headers['x-csrf-token']])).toEqual([
      ['PATCH', 'c1'],
      ['GET', undefined],
    ]);
  });

  it('fetches the token again after a reload', async () => {
    answer = ({ path }) => ({ json: path === '/auth/csrf' ? { csrf_token: 'c2' } : {} });
    recognise('u1');
    await rename();
    await rename();
    expect(backend.asked.map(({ path }) => path)).toEqual(['/auth/csrf', '/auth/me', '/auth/me']);
    expect(backend.asked[1]?.headers['x-csrf-token']).toBe('c2');
  });

  it('renews the token when the same person signed in again in another tab', async () => {
    answer = ({ method, path, headers }) => {
      if (path === '/auth/csrf') return { json: { csrf_token: 'c2' } };
      return method === 'PATCH' && headers['x-csrf-token'] === 'c1' ? refused(403, 'CSRF_INVALID') : { json: user };
    };
    keepSignIn(session);
    await rename();
    expect(backend.asked.at(-1)?.headers['x-csrf-token']).toBe('c2');
    expect(backend.asked.at(-1)?.body).toEqual({ display_name: 'Ada' });
    expect(onReplaced).not.toHaveBeenCalled();
  });

  it('sends nothing in the name of another person who signed in in another tab', async () => {
    answer = ({ method }) => (method === 'PATCH' ? refused(403, 'CSRF_INVALID') : { json: { ...user, id: 'u2' } });
    keepSignIn(session);
    expect((await failure(rename())).code).toBe('CSRF_INVALID');
    expect(onReplaced).toHaveBeenCalledOnce();
    expect(backend.asked.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });
});

describe('from another origin', () => {
  beforeEach(() => connectFrom(ELSEWHERE));

  it('signs in with the bearer transport and shows the token with every request', async () => {
    expect(chooseTransport(['bearer', 'session'])).toBe('bearer');
    await me();
    keepSignIn(bearer);
    await me();
    dropSignIn();
    await me();
    expect(backend.asked.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer a1', undefined]);
  });

  it('renews an expired token once for all that wait for it, and repeats them', async () => {
    answer = ({ path, headers }) => {
      if (path === '/auth/refresh') return { json: { ...bearer, access_token: 'a2', refresh_token: 'r2' } };
      return headers.authorization === 'Bearer a2' ? { json: user } : refused(401, 'SESSION_EXPIRED');
    };
    keepSignIn(bearer);
    const answers = await Promise.all([me(), me(), rename()]);
    expect(answers.map(({ data }) => data?.id)).toEqual(['u1', 'u1', 'u1']);
    const renewals = backend.asked.filter(({ path }) => path === '/auth/refresh');
    expect(renewals.map(({ body }) => body)).toEqual([{ refresh_token: 'r1' }]);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it('tells when the sign-in has ended for good', async () => {
    answer = ({ path }) => refused(401, path === '/auth/refresh' ? 'REFRESH_REUSED' : 'SESSION_EXPIRED');
    keepSignIn(bearer);
    expect((await failure(me())).code).toBe('SESSION_EXPIRED');
    expect(onSignedOut).toHaveBeenCalledOnce();
  });
});

describe('failures', () => {
  beforeEach(() => connectFrom(ELSEWHERE));

  it('carry everything that the server said', async () => {
    const detail = { fields: [{ field: 'username', problem: 'is too short' }] };
    answer = () => ({ ...refused(422, 'VALIDATION_ERROR', { detail }), headers: { 'Retry-After': '7' } });
    expect(await failure(me())).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'Refused with VALIDATION_ERROR.',
      status: 422,
      requestId: 'r-1',
      retryAfter: 7,
      fields: detail.fields,
    });
  });

  it('say that the backend is away when nothing answers', async () => {
    const { url } = backend;
    await backend.close();
    connect(url, ELSEWHERE, { onSignedOut, onReplaced });
    expect(await failure(me())).toMatchObject({ code: 'BACKEND_AWAY', status: 0 });
    backend = await startBackend(() => ({ json: {} }));
  });

  it.each([200, 404, 502])('take a page of HTML with status %d for the tunnel’s', async (status) => {
    answer = () => ({ status, text: '<!doctype html><title>ngrok</title>' });
    expect(await failure(me())).toMatchObject({ code: 'TUNNEL_ANSWERED', status });
  });

  it('keep the bound that was reached, and need none', async () => {
    answer = () => refused(409, 'CONFLICT', { detail: { limit: 100 } });
    expect(await failure(me())).toMatchObject({ code: 'CONFLICT', limit: 100 });
    answer = () => refused(429, 'QUOTA_EXCEEDED', { detail: { limit: null } });
    expect(await failure(me())).toMatchObject({ code: 'QUOTA_EXCEEDED', limit: null });
  });

  it('of an abort stay an abort', async () => {
    const aborted = AbortSignal.abort();
    await expect(api.GET('/auth/me', { signal: aborted })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('are not made of an answer without a body', async () => {
    answer = () => ({ status: 204 });
    await expect(api.POST('/auth/logout')).resolves.toMatchObject({ response: { status: 204 } });
    expect(() => given({})).toThrow('without a body');
  });
});

describe('openStream', () => {
  beforeEach(() => {
    connectFrom(ELSEWHERE);
    keepSignIn(bearer);
  });

  it('sends body, headers and credentials, and hands over the open answer', async () => {
    answer = () => ({ headers: { 'Content-Type': 'text/event-stream; charset=utf-8' }, text: 'id: 1\n\n' });
    const response = await openStream('/chat/stream', { method: 'POST', body: { message: 1 }, headers: { 'Idempotency-Key': 'k' } });
    expect(await response.text()).toBe('id: 1\n\n');
    expect(backend.asked[0]).toMatchObject({
      method: 'POST',
      body: { message: 1 },
      headers: { authorization: 'Bearer a1', accept: 'text/event-stream', 'content-type': 'application/json', 'idempotency-key': 'k' },
    });
  });

  it('throws for a refusal and for an answer that is no stream', async () => {
    answer = () => refused(503, 'PROVIDER_UNREACHABLE');
    expect((await failure(openStream('/chat/stream', { method: 'POST', body: {} }))).code).toBe('PROVIDER_UNREACHABLE');
    answer = () => ({ text: '<html>' });
    expect((await failure(openStream('/chat/stream', { method: 'POST', body: {} }))).code).toBe('TUNNEL_ANSWERED');
  });
});
