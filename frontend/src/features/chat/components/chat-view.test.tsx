import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { connect } from '../../../shared/api/client';
import { refused, startBackend, type Answer, type Asked, type Backend } from '../../../testing/backend';
import type { Conversation, Message } from '../queries';
import { ChatView } from './chat-view';

const CUT = 'What would be a good name for a small wooden boat that is…';

let backend: Backend;
let title: string;
let messages: Message[];
let continued: Answer;
/** What is stored once the answer has gone on. */
let afterwards: Message[] | null;
const onNamed = vi.fn<() => void>();

function message(id: string, more: Partial<Message>): Message {
  const own = { id, conversation_id: 'c', content: `text of ${id}`, parts: [], state: 'complete', provider: 'p', model: 'tiny-chat' };
  const none = { usage: null, finish_reason: null, ttft_ms: null, elapsed_ms: null, attachments: [], memory_ids: [], feedback: null };
  const place = { parent_id: null, sibling_index: 0, sibling_count: 1, sibling_ids: [id], created_at: '2026-01-01T10:00:00Z' };
  return { role: 'assistant', ...own, ...none, ...place, ...more } as Message;
}

function askedAnd(more: Partial<Message>): Message[] {
  return [message('q', { role: 'user', content: 'What is a lamp?' }), message('a', { parent_id: 'q', content: 'Half', ...more })];
}

function stream(...events: [string, object][]): Answer {
  const text = events.map(([name, data], place) => `id: ${place + 1}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  return { headers: { 'Content-Type': 'text/event-stream' }, text };
}

const META = {
  generation_id: 'g',
  conversation_id: 'c',
  conversation_created: false,
  title: CUT,
  user_message_id: 'q',
  assistant_message_id: 'a',
  parent_id: null,
  provider: 'p',
  model: 'tiny-chat',
  selection: { source: 'first', fallback_from: 'lmstudio/qwen-3', reason: 'its model server is away' },
  context: { tokens: 1, dropped: 0 },
};
const DONE = { status: 'complete', message_id: 'a', finish_reason: 'stop', usage: null, ttft_ms: 1, elapsed_ms: 2 };

function answer({ method, path }: Asked): Answer {
  if (method === 'GET' && path.startsWith('/conversations/c/messages')) {
    return { json: { items: messages, next_cursor: null } };
  }
  if (method === 'GET' && path.startsWith('/conversations/c')) {
    return { json: { id: 'c', title, message_count: messages.length, active_generation_id: null } as Conversation };
  }
  if (path === '/chat/stream')
    return stream(['meta', { ...META, conversation_created: true }], ['delta', { text: 'Whole' }], ['done', DONE]);
  if (path === '/chat/continue') {
    messages = afterwards ?? messages;
    return continued;
  }
  return refused(404, 'NOT_FOUND');
}

type Address = { conversationId: string | null; addressId: string | null };

function mount({ conversationId, addressId }: Address = { conversationId: 'c', addressId: 'c' }): (next: Address) => void {
  const acts = { onConversationCreated: vi.fn<() => void>(), onTurnFailed: vi.fn<() => void>() };
  const rest = {
    choice: null,
    sampling: {},
    composerTools: null,
    emptyState: null,
    offersFor: null,
    onTurnBegun: vi.fn<() => void>(),
    onTurnEnded: vi.fn<() => void>(),
    onLeft: vi.fn<() => void>(),
    onAnsweringChanged: vi.fn<() => void>(),
    onNamed,
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const drawn = (address: Address) => (
    <QueryClientProvider client={client}>
      <ChatView {...address} {...acts} {...rest} />
    </QueryClientProvider>
  );
  const { rerender } = render(drawn({ conversationId, addressId }));
  return (next) => rerender(drawn(next));
}

const article = () => screen.findByRole('article', { name: 'Answer' });
const goOn = () => screen.queryByRole('button', { name: 'Continue' });

beforeEach(async () => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = () => undefined;
      disconnect = () => undefined;
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  title = 'Lamps';
  messages = askedAnd({});
  continued = refused(500, 'INTERNAL_ERROR');
  afterwards = null;
  onNamed.mockReset();
  backend = await startBackend(answer);
  connect(backend.url, 'https://page.example', { onSignedOut: () => undefined, onReplaced: () => undefined });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  return backend.close();
});

describe('A new conversation', () => {
  const NEW = { conversationId: null, addressId: null };

  async function begun(): Promise<(next: Address) => void> {
    const redraw = mount(NEW);
    await userEvent.type(screen.getByRole('textbox', { name: 'Your question' }), 'What is a lamp?{Enter}');
    await screen.findByText('Whole');
    return redraw;
  }

  it('stays the view it is when it gets its address, however late it is drawn with it', async () => {
    const redraw = await begun();
    redraw({ conversationId: null, addressId: 'c' });
    redraw({ conversationId: 'c', addressId: 'c' });
    expect(screen.getByText('Whole')).toBeDefined();
  });

  it('is left for another new one before it was drawn with its address', async () => {
    const redraw = await begun();
    redraw({ conversationId: null, addressId: 'c' });
    redraw(NEW);
    expect(screen.queryByText('Whole')).toBeNull();
  });
});

describe('Continue', () => {
  it.each<[string, Partial<Message>, boolean]>([
    ['a stopped answer', { state: 'stopped' }, true],
    ['one stopped before its first word', { state: 'stopped', content: '' }, true],
    ['an interrupted one', { state: 'interrupted' }, true],
    ['one that broke off', { state: 'error', parts: [{ type: 'error', text: 'PROVIDER_INTERRUPTED' }] }, true],
    ['one that reached its length', { finish_reason: 'length' }, true],
    ['one that failed at once', { state: 'error', content: '', parts: [{ type: 'error', text: 'PROVIDER_BUSY' }] }, false],
    ['one too long to go on', { state: 'error', parts: [{ type: 'error', text: 'CONTEXT_TOO_LONG' }] }, false],
    ['a whole one', { finish_reason: 'stop' }, false],
  ])('below %s', async (_what, more, offered) => {
    messages = askedAnd(more);
    mount();
    await article();
    expect(goOn() !== null).toBe(offered);
  });

  it('is not offered where something follows', async () => {
    messages = [...askedAnd({ state: 'stopped' }), message('q2', { role: 'user', parent_id: 'a' }), message('a2', { parent_id: 'q2' })];
    mount();
    await screen.findByText('text of q2');
    expect(screen.getByText('Stopped. The text so far is kept.')).toBeDefined();
    expect(goOn()).toBeNull();
  });

  it('adds to the text that stands there, with a key of its own', async () => {
    messages = askedAnd({ state: 'stopped' });
    mount();
    await article();
    continued = stream(['meta', META], ['delta', { text: 'Half' }], ['delta', { text: ' a lamp.' }], ['done', DONE]);
    afterwards = askedAnd({ content: 'Half a lamp.' });
    await userEvent.click(goOn() ?? document.body);
    await waitFor(async () => expect((await article()).textContent).toContain('Half a lamp.'));
    expect((await article()).textContent).not.toContain('HalfHalf');
    const sent = backend.asked.filter(({ path }) => path === '/chat/continue');
    expect(sent).toMatchObject([{ method: 'POST', body: { conversation_id: 'c', message_id: 'a' } }]);
    expect(sent[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    await waitFor(() => expect(goOn()).toBeNull());
    expect(screen.getAllByRole('article', { name: 'Answer' })).toHaveLength(1);
    expect(screen.getByText('qwen-3 was not available: its model server is away. tiny-chat answered.')).toBeDefined();
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Conversation' }));
  });

  it('leaves the answer as it was when it is refused, and says why and what to do', async () => {
    messages = askedAnd({ state: 'stopped' });
    continued = refused(409, 'CONFLICT');
    mount();
    await article();
    await userEvent.click(goOn() ?? document.body);
    expect(await screen.findByText('Something was said after this answer, so it cannot grow any more.')).toBeDefined();
    expect(screen.getByText(/The answer stands as it was\. Ask for more in a new question\./)).toBeDefined();
    expect(within(await article()).getByText('Half')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  it('can be tried again with the same key when nobody heard it', async () => {
    messages = askedAnd({ state: 'stopped' });
    continued = { status: 502, text: 'Bad gateway' };
    mount();
    await article();
    await userEvent.click(goOn() ?? document.body);
    const again = await screen.findByRole('button', { name: 'Try again' });
    continued = stream(['meta', META], ['delta', { text: 'Half a lamp.' }], ['done', DONE]);
    afterwards = askedAnd({ content: 'Half a lamp.' });
    await userEvent.click(again);
    await waitFor(async () => expect((await article()).textContent).toContain('Half a lamp.'));
    const keys = backend.asked.filter(({ path }) => path === '/chat/continue').map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('an answer in the queue', () => {
  it('says what it waits for as it is stored', async () => {
    messages = askedAnd({ state: 'queued', content: '' });
    mount();
    expect(await screen.findByText('Waiting for a seat at the model.')).toBeDefined();
  });
});

function looks(): number {
  return backend.asked.filter(({ path }) => path === '/conversations/c').length;
}

async function finishFirst(titleThen = title): Promise<void> {
  messages = askedAnd({ state: 'stopped' });
  afterwards = askedAnd({ content: 'Half a lamp.' });
  continued = stream(['meta', { ...META, title }], ['delta', { text: 'Half a lamp.' }], ['done', DONE]);
  mount();
  await article();
  title = titleThen;
  await userEvent.click(goOn() ?? document.body);
  await waitFor(() => expect(goOn()).toBeNull());
}

describe('the title', () => {
  it('is looked for again after the first answer until the model has given one', async () => {
    title = CUT;
    await finishFirst();
    await waitFor(() => expect(looks()).toBe(2), { timeout: 3000 });
    expect(onNamed).not.toHaveBeenCalled();
    title = 'Names for boats';
    await waitFor(() => expect(onNamed).toHaveBeenCalledOnce(), { timeout: 3000 });
    expect(looks()).toBe(3);
  });

  it('is shown in the list as well when the model was quick', async () => {
    title = CUT;
    await finishFirst('Names for boats');
    await waitFor(() => expect(onNamed).toHaveBeenCalledOnce(), { timeout: 3000 });
  });

  it('is not looked for when the question was its title', async () => {
    await finishFirst();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(looks()).toBe(1);
  });
});
