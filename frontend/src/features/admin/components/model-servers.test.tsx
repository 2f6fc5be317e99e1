import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { connect } from '../../../shared/api/client';
import { startBackend, type Backend } from '../../../testing/backend';
import type { FoundServer, ModelServer } from '../queries';
import { ModelServers } from './model-servers';

const studio: ModelServer = {
  id: 'lmstudio',
  label: 'LM Studio',
  location: 'home',
  state: 'up',
  checked_at: '2026-11-25T10:00:00Z',
  models: 3,
  error_code: null,
  latency_ms: 12.4,
  cut_off: false,
};
const ollama: FoundServer = {
  kind: 'ollama',
  label: 'Ollama',
  base_url: 'http://127.0.0.1:11434',
  setting: 'OMNIAI_OLLAMA_BASE_URL=http://127.0.0.1:11434',
};
let backend: Backend;
let found: FoundServer[];

beforeEach(async () => {
  found = [ollama];
  backend = await startBackend(({ path }) => ({
    status: 200,
    json: { items: [studio], next_cursor: null, found: path.includes('discover=true') ? found : [] },
  }));
  connect(backend.url, 'https://page.example', { onSignedOut: () => undefined, onReplaced: () => undefined });
});

afterEach(() => {
  cleanup();
  return backend.close();
});

function open() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ModelServers />
    </QueryClientProvider>,
  );
}

describe('ModelServers', () => {
  it('offers what was found on the machine, with the line that configures it', async () => {
    open();
    expect(await screen.findByText('LM Studio')).toBeDefined();
    expect(await screen.findByText(ollama.setting)).toBeDefined();
    expect(screen.getByRole('heading', { name: 'Also running on this machine' })).toBeDefined();
  });

  it('says nothing where nothing was found', async () => {
    found = [];
    open();
    expect(await screen.findByText('LM Studio')).toBeDefined();
    await vi.waitFor(() => expect(backend.asked.some(({ path }) => path.includes('discover=true'))).toBe(true));
    expect(screen.queryByText('Also running on this machine')).toBeNull();
  });

  it('has the machine looked at once, and not by the clock', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    open();
    await screen.findByText(ollama.setting);
    await vi.advanceTimersByTimeAsync(40_000);
    await vi.waitFor(() => expect(backend.asked.length).toBeGreaterThan(2));
    expect(backend.asked.filter(({ path }) => path.includes('discover=true'))).toHaveLength(1);
    vi.useRealTimers();
  });
});
