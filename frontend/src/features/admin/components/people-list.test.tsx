import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { connect } from '../../../shared/api/client';
import { startBackend, type Backend } from '../../../testing/backend';
import { PeopleList } from './people-list';

const anna = {
  id: 'p1',
  username: 'anna',
  display_name: 'Anna \u05d0',
  role: 'admin',
  status: 'active',
  created_at: '2026-11-01T00:00:00Z',
  last_seen_at: null,
};
let backend: Backend;

beforeEach(async () => {
  backend = await startBackend(() => ({ json: { items: [anna], next_cursor: null } }));
  connect(backend.url, 'https://page.example', { onSignedOut: () => undefined, onReplaced: () => undefined });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <PeopleList filter={{ q: '', status: null }} ownId="p2" onFilter={() => undefined} />
    </QueryClientProvider>,
  );
});

afterEach(() => {
  cleanup();
  return backend.close();
});

describe('PeopleList', () => {
  it('keeps the writing of a name from turning what stands beside it', async () => {
    const name = await screen.findByText(anna.display_name);
    expect(name.tagName).toBe('BDI');
    expect(screen.getByText(anna.username).tagName).toBe('BDI');
  });
});
