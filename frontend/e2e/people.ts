// People of an installation, made through its doors and not through the page.
import { PASSWORD, type Installation } from './installation';

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

/** Asks one question and reads the answer to its end. */
export async function askAs(omniai: Installation, token: Token, question: string): Promise<void> {
  const answer = await send(omniai, '/chat/stream', { message: { content: question } }, token);
  await answer.text();
}
