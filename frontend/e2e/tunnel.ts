// A tunnel as ngrok documents it, in a process of its own, between the browser and an installation: it counts what it is asked.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { BACKEND, BIN } from './installation';

/** The page knows ngrok by such a name; the browser of these tests finds it on this machine. */
export const PUBLIC_NAME = 'lamp.ngrok.io';
export const LOCK_SECRET = 'lock-secret-of-the-browser-tests-4b7e2d9a';

export class Tunnel {
  /** Method and path of every request, preflights included. */
  readonly asked: string[] = [];
  readonly #upstream: string;
  #process: ChildProcess | null = null;
  #port = '0';

  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  /** Where people reach it. */
  get url(): string {
    return `http://${PUBLIC_NAME}:${this.#port}`;
  }

  /** The same edge by a name that the page does not take for ngrok's. */
  get bareUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Opens it, on the port of before. */
  async open(): Promise<void> {
    const options = ['--upstream', this.#upstream, '--secret', LOCK_SECRET, '--port', this.#port, '--tell'];
    const child = spawn(`${BIN}/python`, ['-m', 'tests.peers.tunnel', ...options], { cwd: BACKEND, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    const lines = createInterface({ input: child.stdout });
    const listening = new Promise<string>((resolve) => {
      lines.on('line', (line) => {
        const port = /^listening on .*:(\d+)$/.exec(line)?.[1];
        if (port !== undefined) resolve(port);
        else if (line.startsWith('asked ')) this.asked.push(line.slice('asked '.length));
      });
    });
    this.#port = await listening;
  }

  async close(): Promise<void> {
    if (this.#process === null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    this.#process = null;
    await gone;
  }
}
