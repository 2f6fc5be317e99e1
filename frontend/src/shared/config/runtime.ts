// Where the backend is, from runtime-config.json beside the page. A wrong one is refused with words for the person who hosts it.
import * as v from 'valibot';

export type RuntimeConfig = { apiBaseUrl: string };

export class RuntimeConfigError extends Error {
  override readonly name = 'RuntimeConfigError';
}

const schema = v.strictObject({ apiBaseUrl: v.string() });
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Checks the file's content against the address that the page was loaded from. */
export function readRuntimeConfig(content: unknown, page: URL): RuntimeConfig {
  const parsed = v.safeParse(schema, content);
  if (!parsed.success) throw new RuntimeConfigError('runtime-config.json must be {"apiBaseUrl": "…"} and nothing else.');
  const given = parsed.output.apiBaseUrl.trim();
  if (given === '') return { apiBaseUrl: page.origin };
  const address = parseAddress(given);
  const plain = address.protocol === 'http:';
  if (plain && page.protocol === 'https:' && !LOOPBACK.has(address.hostname)) {
    throw new RuntimeConfigError('apiBaseUrl must begin with https:// because this page was loaded over https.');
  }
  return { apiBaseUrl: address.href.replace(/\/+$/, '') };
}

export async function loadRuntimeConfig(page: URL): Promise<RuntimeConfig> {
  const response = await fetch(new URL('runtime-config.json', page), { cache: 'no-cache' }).catch(() => null);
  if (response === null) throw new RuntimeConfigError('runtime-config.json could not be loaded. This device may be offline.');
  if (!response.ok) throw new RuntimeConfigError(`runtime-config.json could not be loaded (status ${response.status}).`);
  const content: unknown = await response.json().catch(() => null);
  return readRuntimeConfig(content, page);
}

function parseAddress(given: string): URL {
  const address = URL.canParse(given) ? new URL(given) : null;
  if (address === null || (address.protocol !== 'https:' && address.protocol !== 'http:')) {
    throw new RuntimeConfigError('apiBaseUrl must be empty or an address that begins with https://.');
  }
  if (address.username !== '' || address.password !== '' || address.search !== '' || address.hash !== '') {
    throw new RuntimeConfigError('apiBaseUrl must be an address alone: no name, password, query or fragment.');
  }
  return address;
}
