// The one way to the backend: addresses, credentials, and every failure as an ApiError. Knows no feature.
import createClient from 'openapi-fetch';

import { readStored, store } from '../lib/storage';
import { BearerCredentials, SessionCredentials, type Credentials, type SignInAnswer, type Transport } from './credentials';
import { backendAway, isJson, refusal, tunnelAnswered, type ApiError } from './errors';
import type { paths } from './generated/schema';
import { askForProof } from './proof';
import { noteReach } from './reach';

export type StreamInit = {
  method: 'GET' | 'POST';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

export type ConnectionEvents = {
  /** A request was refused because nobody is signed in any more. */
  onSignedOut(): void;
  /** Another person signed in with this browser, in another tab. */
  onReplaced(): void;
};

const NGROK = /(^|\.)ngrok(-free)?\.(app|dev|io)$/;

class Connection {
  readonly #base: string;
  readonly #sameOrigin: boolean;
  readonly #headers: Record<string, string>;
  readonly #events: ConnectionEvents;
  #credentials: Credentials;

  constructor(base: string, pageOrigin: string, events: ConnectionEvents) {
    const { origin, hostname } = new URL(base);
    this.#base = base.replace(/\/+$/, '');
    this.#sameOrigin = origin === pageOrigin;
    // Without it ngrok's free plan shows a browser its own page first.
    this.#headers = NGROK.test(hostname) ? { 'ngrok-skip-browser-warning': '1' } : {};
    this.#events = events;
    this.#credentials = this.#make(this.#sameOrigin ? 'session' : 'bearer');
  }

  address(path: string): string {
    return this.#base + path;
  }

  get credentials(): Credentials {
    return this.#credentials;
  }

  /** The origin decides, unless the server offers one transport alone. */
  choose(offered: readonly Transport[]): Transport {
    const only = offered.length === 1 ? offered[0] : undefined;
    if (only !== undefined && only !== this.#credentials.transport) this.#credentials = this.#make(only);
    return this.#credentials.transport;
  }

  /** Sends with credentials; throws an ApiError for everything that is not a success. */
  async send(request: Request): Promise<Response> {
    const again = request.clone();
    const first = await this.#attempt(request);
    if (first.ok) return first;
    const error = await this.#read(first);
    if (await this.#mended(error.code)) {
      const second = await this.#attempt(again);
      if (second.ok) return second;
      throw this.#noted(await this.#read(second));
    }
    throw this.#noted(error);
  }

  /** After a refusal: whether the same request may now succeed. */
  async #mended(code: string): Promise<boolean> {
    if (code === 'REAUTH_REQUIRED') return askForProof();
    const renewable = code === 'SESSION_EXPIRED' || code === 'CSRF_INVALID';
    return renewable && this.#credentials.renew(code);
  }

  async #attempt(request: Request): Promise<Response> {
    const headers = new Headers(request.headers);
    const own = await this.#credentials.headers(request.method);
    for (const [name, value] of Object.entries({ ...this.#headers, ...own })) headers.set(name, value);
    return this.#fetch(new Request(request, { headers, credentials: this.#credentials.mode }));
  }

  async #fetch(request: Request): Promise<Response> {
    try {
      const response = await fetch(request);
      if (response.ok) noteReach('here');
      return response;
    } catch (cause) {
      if (request.signal.aborted) throw cause;
      noteReach('away');
      throw backendAway(cause);
    }
  }

  async #read(response: Response): Promise<ApiError> {
    const error = await refusal(response);
    noteReach(error.code === 'TUNNEL_ANSWERED' ? 'tunnel' : 'here');
    return error;
  }

  #noted(error: ApiError): ApiError {
    if (error.code === 'SESSION_EXPIRED' || error.code === 'AUTH_REQUIRED' || error.code === 'REFRESH_REUSED') this.#events.onSignedOut();
    return error;
  }

  #make(transport: Transport): Credentials {
    const send = (path: string, init?: RequestInit): Promise<Response> =>
      this.#fetch(
        new Request(this.address(path), { ...init, headers: { ...this.#headers, ...(init?.headers as Record<string, string>) } }),
      );
    if (transport === 'bearer') return new BearerCredentials(send);
    return new SessionCredentials(send, { sameOrigin: this.#sameOrigin, onReplaced: this.#events.onReplaced });
  }
}

let current: Connection | null = null;

/** Names the backend, once, before anything is asked of it. */
export function connect(base: string, pageOrigin: string, events: ConnectionEvents): void {
  current = new Connection(base, pageOrigin, events);
}

/** Fetches what a change needs beside its request, so that one that is made while the page goes needs not ask first. */
export async function prepareChange(): Promise<void> {
  await connection().credentials.headers('DELETE');
}

function connection(): Connection {
  if (current === null) throw new Error('The backend has not been named yet');
  return current;
}

/** A request whose address is a path of the backend, known only once that is named. */
class BackendRequest extends Request {
  constructor(path: RequestInfo | URL, init?: RequestInit) {
    super(typeof path === 'string' ? connection().address(path) : path, init);
  }
}

export const api = createClient<paths>({
  Request: BackendRequest,
  fetch: async (request) => {
    const response = await connection().send(request);
    if (response.status !== 204 && !isJson(response)) {
      noteReach('tunnel');
      throw tunnelAnswered(response.status);
    }
    return response;
  },
});

/** Opens an event stream; throws an ApiError for a refusal and for an answer that is no stream. */
export async function openStream(path: string, { method, body, headers = {}, signal }: StreamInit): Promise<Response> {
  const init: RequestInit = { method, headers: { Accept: 'text/event-stream', ...headers } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, 'Content-Type': 'application/json' };
  }
  if (signal) init.signal = signal;
  const response = await connection().send(new Request(connection().address(path), init));
  if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
    noteReach('tunnel');
    throw tunnelAnswered(response.status);
  }
  return response;
}

/** Fetches a file that is given with credentials alone; throws an ApiError for a refusal and for an answer of another type. */
export async function fetchFile(path: string, mediaType: string): Promise<Blob> {
  const response = await connection().send(new Request(connection().address(path)));
  if (!(response.headers.get('content-type') ?? '').startsWith(mediaType)) {
    noteReach('tunnel');
    throw tunnelAnswered(response.status);
  }
  try {
    return await response.blob();
  } catch (cause) {
    noteReach('away');
    throw backendAway(cause);
  }
}

/** Sends a file as a form; gives the answer's JSON. Throws an ApiError for a refusal. */
export async function sendFile(path: string, file: File): Promise<unknown> {
  const body = new FormData();
  body.append('file', file);
  const response = await connection().send(new Request(connection().address(path), { method: 'POST', body }));
  return response.json();
}

/** How this page will sign in, given what the server offers. */
export function chooseTransport(offered: readonly Transport[]): Transport {
  return connection().choose(offered);
}

export function keepSignIn(answer: SignInAnswer): void {
  connection().credentials.keep(answer);
  if ('device_token' in answer) store(deviceKey(), answer.device_token);
}

/** What an earlier sign-in here was given. It opens nothing; it spares this device a lock that strangers caused. */
export function deviceToken(): string | null {
  return readStored(deviceKey());
}

function deviceKey(): string {
  return `omniai.device ${connection().address('')}`;
}

/** A cookie from an earlier visit was good for this person. */
export function recognise(userId: string): void {
  const { credentials } = connection();
  if (credentials instanceof SessionCredentials) credentials.recognise(userId);
}

export function dropSignIn(): void {
  connection().credentials.drop();
}

/** The body of a success. The client throws for refusals, so there is one. */
export function given<Data>({ data }: { data?: Data }): Data {
  if (data === undefined) throw new Error('The server answered without a body');
  return data;
}
