// The page of hostile answers, built with each of its two walls up or down, and a neighbour that counts who asks it.
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';

import { POLICY, WITHOUT_INNER_HTML } from '../../content-security-policy';

export type Walls = { sanitiser: boolean; policy: boolean };
export type Running = { url: string; close(): Promise<void> };
export type Neighbour = Running & { asked: string[] };

const HERE = fileURLToPath(new URL('.', import.meta.url));
const TYPES = new Map([
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
]);

export async function startSite({ sanitiser, policy }: Walls): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'omniai-hostile-'));
  await build({
    configFile: false,
    root: HERE,
    base: './',
    logLevel: 'error',
    plugins: [react(), ...(sanitiser ? [] : [withoutSanitiser])],
    resolve: { alias: WITHOUT_INNER_HTML },
    build: {
      outDir: folder,
      minify: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(HERE, 'page.tsx'), output: { entryFileNames: 'page.js' } },
    },
  });
  const meta = policy ? `<meta http-equiv="Content-Security-Policy" content="${POLICY}">` : '';
  const html = `<!doctype html><html><head><meta charset="utf-8">${meta}<link rel="icon" href="./favicon.ico"><script type="module" src="./page.js"></script></head><body></body></html>`;
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const type = TYPES.get(extname(path));
    if (path !== '/' && type === undefined) return void response.writeHead(404).end();
    const answer = path === '/' ? Promise.resolve(Buffer.from(html)) : readFile(join(folder, path));
    answer.then(
      (body) => response.writeHead(200, { 'Content-Type': type ?? 'text/html' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  const running = await listening(server);
  return { url: running.url, close: () => running.close().then(() => rm(folder, { recursive: true })) };
}

/** What the payloads wish to reach: every request that arrives is noted. */
export async function startNeighbour(): Promise<Neighbour> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(404, { 'Access-Control-Allow-Origin': '*' }).end();
  });
  return { ...(await listening(server)), asked };
}

async function listening(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

const withoutSanitiser: Plugin = {
  name: 'without-sanitiser',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === 'react-markdown' && importer?.startsWith(HERE) === false ? join(HERE, 'unsanitised.tsx') : null,
};
