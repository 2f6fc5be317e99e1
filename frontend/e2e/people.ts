// People of an installation, made through its doors and not through the page.
import { BOOTSTRAP_TOKEN, PASSWORD, type Installation } from './installation';

export type Token = string;

async function send(omniai: Installation, path: string, body: unknown, token?: Token): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(omniai.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

async function read<Answer>(answer: Response): Promise<Answer> {
  return (await answer.json()) as Answer;
}

export async function signInAs(omniai: Installation, username: string): Promise<Token> {
  const answer = await send(omniai, '/auth/login', { username, password: PASSWORD, transport: 'bearer' });
  return (await read<{ access_token: string }>(answer)).access_token;
}

/** Without the page, for one that is served from elsewhere. */
export async function bootstrap({ url }: { url: string }): Promise<void> {
  await fetch(`${url}/admin/bootstrap`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Bootstrap-Token': BOOTSTRAP_TOKEN },
    body: JSON.stringify({ username: 'owner', password: PASSWORD }),
  });
}

/** Each joins with one invite of the owner's; the sign-ins that come with it are theirs to keep. */
export async function join(omniai: Installation, usernames: readonly string[]): Promise<Token[]> {
  const owner = await signInAs(omniai, 'owner');
  const invite = await send(omniai, '/admin/invites', { max_uses: usernames.length }, owner);
  const { code } = await read<{ code: string }>(invite);
  const tokens: Token[] = [];
  for (const username of usernames) {
    const joined = await send(omniai, '/auth/register', { invite_code: code, username, password: PASSWORD, transport: 'bearer' });
    tokens.push((await read<{ access_token: string }>(joined)).access_token);
  }
  return tokens;
}

/** Conversations without a word in them, the last one the newest. */
export async function makeConversations(omniai: Installation, token: Token, titles: readonly string[]): Promise<void> {
  for (const title of titles) await send(omniai, '/conversations', { title }, token);
}

/** The titles of the first conversations that are neither archived nor deleted, newest first. */
export async function titlesOf(omniai: Installation, token: Token): Promise<string[]> {
  const answer = await fetch(`${omniai.url}/conversations`, { headers: { Authorization: `Bearer ${token}` } });
  return (await read<{ items: { title: string }[] }>(answer)).items.map(({ title }) => title);
}

/** Asks one question and reads the answer to its end. */
export async function askAs(omniai: Installation, token: Token, question: string): Promise<void> {
  const answer = await send(omniai, '/chat/stream', { message: { content: question } }, token);
  await answer.text();
}

export type Begun = { stop(): Promise<void> };

/** Asks one question and leaves the answer running, or waiting for its turn, until it is stopped. */
export async function beginAs(omniai: Installation, token: Token, body: { model?: string; conversation_id?: string }): Promise<Begun> {
  const answer = await send(omniai, '/chat/stream', { message: { content: 'And this?' }, ...body }, token);
  const reader = answer.body?.getReader();
  let heard = '';
  for (let id: string | undefined; ;) {
    const piece = await reader?.read();
    if (!piece || piece.done) throw new Error(`The stream said no more than ${heard}`);
    heard += new TextDecoder().decode(piece.value);
    id = /"generation_id":"([^"]+)"/.exec(heard)?.[1];
    if (id === undefined) continue;
    await reader?.cancel();
    const address = `/chat/cancel/${id}`;
    return { stop: async () => void (await send(omniai, address, {}, token)) };
  }
}

export type StoredText = { role: string; content: string; state: string };

/** The messages of the conversation that the page shows, as they are stored. */
export async function storedTexts(omniai: Installation, token: Token, pageUrl: string): Promise<StoredText[]> {
  const id = /#\/c\/([^/?]+)/.exec(pageUrl)?.[1] ?? '';
  const answer = await fetch(`${omniai.url}/conversations/${id}/messages`, { headers: { Authorization: `Bearer ${token}` } });
  return (await read<{ items: StoredText[] }>(answer)).items;
}

export async function storedAnswer(omniai: Installation, token: Token, pageUrl: string): Promise<StoredText> {
  const last = (await storedTexts(omniai, token, pageUrl)).at(-1);
  if (last === undefined) throw new Error('There is no answer');
  return last;
}
