import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { connect } from '../../../shared/api/client';
import { refused, startBackend, type Answer, type Asked, type Backend } from '../../../testing/backend';
import type { Quota } from '../queries';
import { PersonLimits } from './person-limits';

let backend: Backend;
let quota: Quota;
let refusal: Answer | null;

function answer({ method, path, body }: Asked): Answer {
  if (path.startsWith('/admin/usage')) {
    const own = { day: null, user_id: 'p1', provider: null, model: null, messages: 3, prompt_tokens: 900, completion_tokens: 134 };
    return { json: { items: [own], next_cursor: null } };
  }
  if (method === 'GET') return { json: quota };
  if (refusal) return refusal;
  quota =
    method === 'PUT'
      ? { ...quota, ...(body as Partial<Quota>), is_default: false }
      : { user_id: 'p1', messages_per_day: 50, tokens_per_day: null, is_default: true };
  return method === 'PUT' ? { json: quota } : { status: 204 };
}

beforeEach(async () => {
  quota = { user_id: 'p1', messages_per_day: 50, tokens_per_day: null, is_default: true };
  refusal = null;
  backend = await startBackend(answer);
  connect(backend.url, 'https://page.example', { onSignedOut: () => undefined, onReplaced: () => undefined });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <PersonLimits id="p1" />
    </QueryClientProvider>,
  );
});

afterEach(() => {
  cleanup();
  return backend.close();
});

const written = () => backend.asked.filter(({ method }) => method !== 'GET');

describe('PersonLimits', () => {
  it('says what holds and what of it is used', async () => {
    expect(await screen.findByText('Used today: 3 of 50 messages, 1,034 tokens.')).toBeDefined();
    expect(screen.getByText(/These are the defaults/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Use the defaults' })).toBeNull();
  });

  it('sends numbers, and an empty field as no limit', async () => {
    const messages = await screen.findByLabelText('Messages a day');
    await userEvent.clear(messages);
    await userEvent.type(screen.getByLabelText('Tokens a day'), '200 000');
    await userEvent.click(screen.getByRole('button', { name: 'Save the limits' }));
    expect(await screen.findByText(/this person’s own/)).toBeDefined();
    expect(written()).toMatchObject([
      { method: 'PUT', path: '/admin/quotas/p1', body: { messages_per_day: null, tokens_per_day: 200_000 } },
    ]);
    await userEvent.click(screen.getByRole('button', { name: 'Use the defaults' }));
    expect(await screen.findByText(/These are the defaults/)).toBeDefined();
    expect(written().at(-1)).toMatchObject({ method: 'DELETE', path: '/admin/quotas/p1' });
    expect(screen.getByLabelText<HTMLInputElement>('Messages a day').value).toBe('50');
  });

  it('asks for a number instead of words, without asking the server', async () => {
    await userEvent.type(await screen.findByLabelText('Tokens a day'), 'plenty');
    await userEvent.click(screen.getByRole('button', { name: 'Save the limits' }));
    expect(await screen.findByText('A whole number, or nothing.')).toBeDefined();
    expect(written()).toEqual([]);
  });

  it('keeps what was typed when the server refuses', async () => {
    refusal = refused(404, 'USER_NOT_FOUND');
    await userEvent.type(await screen.findByLabelText('Tokens a day'), '7');
    await userEvent.click(screen.getByRole('button', { name: 'Save the limits' }));
    await vi.waitFor(() => expect(screen.getByRole('alert').textContent).toContain('This person is not here any more.'));
    expect(screen.getByLabelText<HTMLInputElement>('Tokens a day').value).toBe('7');
  });
});
