// A real HTTP server on loopback that answers as a test says, and remembers what it was asked.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = { method: string; path: string; headers: IncomingMessage['headers']; body: unknown };
export type Answer = { status?: number; headers?: Record<string, string>; json?: unknown; text?: string };
export type Backend = { url: string; asked: Asked[]; close(): Promise<void> };

export async function startBackend(answer: (asked: Asked) => Answer): Promise<Backend> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: text === '' ? null : (JSON.parse(text) as unknown),
      };
      asked.push(one);
      const { status = 200, headers = {}, json, text: plain } = answer(one);
      const type = json === undefined ? 'text/html' : 'application/json';
      response.writeHead(status, { 'Content-Type': type, Connection: 'close', ...headers });
      response.end(status === 204 ? undefined : (plain ?? JSON.stringify(json)));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

export function refused(status: number, code: string, more: Record<string, unknown> = {}): Answer {
  return { status, json: { code, message: `Refused with ${code}.`, request_id: 'r-1', ...more } };
}
