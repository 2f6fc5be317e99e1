// How a request proves who sends it: a cookie with a CSRF token, or tokens that live in memory only. Knows no feature.
import * as v from 'valibot';

import type { components } from './generated/schema';

export type Transport = 'session' | 'bearer';
export type SignInAnswer = components['schemas']['SessionSignIn'] | components['schemas']['BearerSignIn'];
/** Sends without credentials of its own: what the credentials use to renew themselves. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

export interface Credentials {
  readonly transport: Transport;
  readonly mode: RequestCredentials;
  /** The headers of one request. */
  headers(method: string): Promise<Record<string, string>>;
  /** After a refusal: true when the same request may now succeed. */
  renew(code: string): Promise<boolean>;
  keep(answer: SignInAnswer): void;
  drop(): void;
}

const csrfAnswer = v.object({ csrf_token: v.string() });
const person = v.object({ id: v.string() });
const tokens = v.object({ user: person, access_token: v.string(), refresh_token: v.string() });
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export class SessionCredentials implements Credentials {
  readonly transport = 'session';
  readonly mode: RequestCredentials;
  readonly #send: Send;
  readonly #onReplaced: () => void;
  #csrf: string | null = null;
  #userId: string | null = null;

  constructor(send: Send, { sameOrigin, onReplaced }: { sameOrigin: boolean; onReplaced: () => void }) {
    this.#send = send;
    this.mode = sameOrigin ? 'same-origin' : 'include';
    this.#onReplaced = onReplaced;
  }

  /** The page was opened with a cookie that is still good. */
  recognise(userId: string): void {
    this.#userId = userId;
  }

  async headers(method: string): Promise<Record<string, string>> {
    if (SAFE.has(method) || this.#userId === null) return {};
    this.#csrf ??= await this.#issue();
    return this.#csrf === null ? {} : { 'X-CSRF-Token': this.#csrf };
  }

  /**
   * The cookie changed in another tab. It may be another person's by now: a request begun here
   * must never be sent in their name.
   */
  async renew(code: string): Promise<boolean> {
    if (code !== 'CSRF_INVALID') return false;
    const response = await this.#send('/auth/me', { credentials: this.mode });
    const found = response.ok ? v.safeParse(person, await response.json().catch(() => null)) : null;
    if (!found?.success) return false;
    if (found.output.id !== this.#userId) {
      this.#onReplaced();
      return false;
    }
    this.#csrf = await this.#issue();
    return this.#csrf !== null;
  }

  keep(answer: SignInAnswer): void {
    this.#userId = answer.user.id;
    this.#csrf = 'csrf_token' in answer ? answer.csrf_token : null;
  }

  drop(): void {
    this.#userId = null;
    this.#csrf = null;
  }

  async #issue(): Promise<string | null> {
    const response = await this.#send('/auth/csrf', { credentials: this.mode });
    const answer = v.safeParse(csrfAnswer, response.ok ? await response.json().catch(() => null) : null);
    return answer.success ? answer.output.csrf_token : null;
  }
}

export class BearerCredentials implements Credentials {
  readonly transport = 'bearer';
  readonly mode: RequestCredentials = 'omit';
  readonly #send: Send;
  #access: string | null = null;
  #refresh: string | null = null;
  #renewing: Promise<boolean> | null = null;

  constructor(send: Send) {
    this.#send = send;
  }

  async headers(): Promise<Record<string, string>> {
    return this.#access === null ? {} : { Authorization: `Bearer ${this.#access}` };
  }

  /** One renewal for all requests that were refused meanwhile: a refresh token is good for one use. */
  async renew(code: string): Promise<boolean> {
    if (code !== 'SESSION_EXPIRED' || this.#refresh === null) return false;
    this.#renewing ??= this.#rotate(this.#refresh).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  keep(answer: SignInAnswer): void {
    if (!('access_token' in answer)) return;
    this.#access = answer.access_token;
    this.#refresh = answer.refresh_token;
  }

  drop(): void {
    this.#access = null;
    this.#refresh = null;
  }

  async #rotate(refreshToken: string): Promise<boolean> {
    const response = await this.#send('/auth/refresh', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh_token: refreshToken }),
      credentials: 'omit',
    });
    const answer = v.safeParse(tokens, response.ok ? await response.json().catch(() => null) : null);
    if (!answer.success) return false;
    this.#access = answer.output.access_token;
    this.#refresh = answer.output.refresh_token;
    return true;
  }
}
