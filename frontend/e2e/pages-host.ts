// A host of static files as GitHub Pages is one: the built page below a path, and nothing that runs.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const HOME = '/family/omniai/';
const TYPES = new Map([
  ['.css', 'text/css'],
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
  ['.webmanifest', 'application/manifest+json'],
  ['.woff2', 'font/woff2'],
]);

export class PagesHost {
  /** What stands in a file in the place of what was built, by the file's name. */
  readonly edits = new Map<string, (text: string) => string>();
  /** What `runtime-config.json` holds, as text. */
  config = '{ "apiBaseUrl": "" }';
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://host');
      const name = pathname === HOME ? 'index.html' : normalize(decodeURIComponent(pathname)).replace(HOME, '');
      const body = name === 'runtime-config.json' ? Promise.resolve(Buffer.from(this.config)) : this.#read(name);
      body.then(
        (content) => response.writeHead(200, { 'Content-Type': TYPES.get(extname(name)) ?? 'application/octet-stream' }).end(content),
        () => response.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html><title>There is no such page</title>'),
      );
    });
  }

  async #read(name: string): Promise<Buffer> {
    const content = await readFile(join(DIST, name));
    const edit = this.edits.get(name);
    return edit ? Buffer.from(edit(content.toString('utf8'))) : content;
  }

  static async open(): Promise<PagesHost> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PagesHost(server);
  }

  /** By a name that is another site than the backend's address. */
  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return this.origin + HOME;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
