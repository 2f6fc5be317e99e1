// A whole installation for a browser test: a model server's double and OmniAI, each in a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { test as base, type Page } from '@playwright/test';

export const BACKEND = fileURLToPath(new URL('../../backend/', import.meta.url));
export const BIN = join(BACKEND, '.venv/bin');
export const BOOTSTRAP_TOKEN = 'bootstrap-token-of-the-browser-tests-01';
export const PASSWORD = 'correct horse battery';

type Started = { process: ChildProcess; url: string };

async function start(command: string, args: string[], env: Record<string, string>, address: RegExp): Promise<Started> {
  const child = spawn(command, args, { cwd: BACKEND, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const found = address.exec(line)?.[1];
    if (found !== undefined) {
      child.stdout.resume();
      return { process: child, url: found };
    }
  }
  throw new Error(`${command} ended before it was ready`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

export class Installation {
  #folder = '';
  #studio: Started | null = null;
  #omniai: Started | null = null;
  #port = '0';
  readonly #settings: Record<string, string>;
  readonly #studioOptions: readonly string[];

  /** The settings stand above those of every test; the options are the model server's. */
  constructor(settings: Record<string, string> = {}, studioOptions: readonly string[] = []) {
    this.#settings = settings;
    this.#studioOptions = studioOptions;
  }

  get url(): string {
    if (this.#omniai === null) throw new Error('OmniAI is not running');
    return this.#omniai.url;
  }

  get setUpLink(): string {
    return `${this.url}/#/setup?token=${BOOTSTRAP_TOKEN}`;
  }

  async up(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'omniai-e2e-'));
    await this.startStudio();
    await this.startServer();
  }

  async down(): Promise<void> {
    await this.killServer();
    await this.stopStudio();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async startStudio(port = '0'): Promise<void> {
    this.#studio = await start(
      join(BIN, 'python'),
      ['-m', 'tests.peers.lmstudio', '--port', port, ...this.#studioOptions],
      {},
      /listening on (\S+)/,
    );
  }

  async stopStudio(): Promise<void> {
    if (this.#studio) await end(this.#studio.process, 'SIGKILL');
  }

  /** What the model server was asked, titles and the like included, in its own dialect. */
  async questions(): Promise<Record<string, unknown>[]> {
    const entries = (await (await fetch(`${this.#studio?.url ?? ''}/__log`)).json()) as { path: string; body: Record<string, unknown> }[];
    return entries.filter(({ path }) => path.endsWith('/chat/completions')).map(({ body }) => body);
  }

  /** Starts OmniAI on the data of before, and on the port of before. */
  async startServer(): Promise<void> {
    const settings = {
      OMNIAI_PORT: this.#port,
      OMNIAI_DATA_DIR: this.#folder,
      OMNIAI_BOOTSTRAP_TOKEN: BOOTSTRAP_TOKEN,
      OMNIAI_LMSTUDIO_BASE_URL: `${this.#studio?.url ?? 'http://127.0.0.1:9'}/v1`,
      OMNIAI_DEFAULT_MODEL: 'tiny-chat-1b',
      OMNIAI_LOG_LEVEL: 'error',
      OMNIAI_RATE_LIMIT_ENABLED: 'false',
      OMNIAI_PROVIDER_FIRST_TOKEN_SECONDS: '3',
      ...this.#settings,
    };
    this.#omniai = await start(join(BIN, 'omniai'), ['serve'], settings, /OmniAI is at (\S+)\//);
    this.#port = new URL(this.#omniai.url).port;
    await this.#answering();
  }

  async killServer(): Promise<void> {
    if (this.#omniai) await end(this.#omniai.process, 'SIGKILL');
  }

  async #answering(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const answer = await fetch(`${this.url}/health`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('OmniAI does not answer');
  }
}

type Fixtures = { settings: Record<string, string>; omniai: Installation; faults: string[] };

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  omniai: async ({ settings }, use) => {
    const installation = new Installation(settings);
    await installation.up();
    await use(installation);
    await installation.down();
  },
  // What the page wrote to its console as an error, so that a test can say there was nothing.
  faults: async ({ page }, use) => {
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => faults.push(error.message));
    await use(faults);
  },
});

export async function makeOwner(page: Page, omniai: Installation): Promise<void> {
  await page.goto(omniai.setUpLink);
  await enterAsOwner(page);
  await page.getByRole('textbox', { name: 'Your question' }).waitFor();
}

/** At the door of one who sets up as well as of one who signs in. */
export async function enterAsOwner(page: Page): Promise<void> {
  await page.getByLabel('User name').fill('owner');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
}

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your question' }).fill(question);
  await page.keyboard.press('Enter');
}

/** Chooses by the picker in the composer. */
export async function chooseModel(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Model/ }).click();
  await page.getByRole('menuitemradio', { name: new RegExp(`${name.replaceAll('-', '[- ]')}\\b`, 'i') }).click();
}
