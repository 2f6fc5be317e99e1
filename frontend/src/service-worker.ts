// Keeps the built page in the browser, so that it opens at once, and also while OmniAI at home is away. It knows the page's own
// files and nothing else: what the backend says is neither kept nor even looked at.
declare const self: ServiceWorkerGlobalScope;

/** Laid in by the build. `files` are those of the page, below its own address. */
declare const THIS_BUILD: { version: string; files: readonly string[] };

const { version, files } = THIS_BUILD;
const HOME = self.registration.scope;
/** Several pages may share an origin, as they do on GitHub Pages. */
const OURS = `omniai ${HOME} `;
const NAME = OURS + version;
/** Whose names hold the hash of what is in them. */
const HASHED = 'assets/';
const CONFIG = 'runtime-config.json';
const CONFIG_MS = 2000;
/** This build and the one before it, whose tabs may still be open. */
const KEPT_BUILDS = 2;

self.addEventListener('install', (event) => event.waitUntil(keepAll()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const name = nameOf(request.url);
  if (request.method !== 'GET' || name === null) return;
  if (request.mode === 'navigate') {
    if (name === '') event.respondWith(kept(request, ''));
  } else if (name === CONFIG) event.respondWith(newestConfig(request));
  else if (name !== '' && (files.includes(name) || name.startsWith(HASHED))) event.respondWith(kept(request, name));
});

/** Below the page's own address; null for what lies elsewhere. */
function nameOf(address: string): string | null {
  const url = new URL(address);
  url.hash = '';
  return url.href.startsWith(HOME) ? url.href.slice(HOME.length) : null;
}

async function keepAll(): Promise<void> {
  const had = await caches.has(NAME);
  const cache = await caches.open(NAME);
  try {
    await Promise.all([...files, CONFIG].map((name) => keepOne(cache, name)));
  } catch (error) {
    // Half a build is none, and would count as one of those that are kept.
    if (!had) await caches.delete(NAME);
    throw error;
  }
  await self.skipWaiting();
}

/** What has a hash in its name, and is there already, is the same. */
async function keepOne(cache: Cache, name: string): Promise<void> {
  const hashed = name.startsWith(HASHED);
  const had = hashed ? await found(name) : undefined;
  const url = new URL(name, HOME).href;
  if (had) await cache.put(url, had);
  else await cache.add(new Request(url, { cache: hashed ? 'default' : 'reload' }));
}

async function takeOver(): Promise<void> {
  const old = (await builds()).filter((name) => name !== NAME);
  await Promise.all(old.slice(0, 1 - KEPT_BUILDS).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** From the oldest to the newest. */
async function builds(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(OURS));
}

/** A tab of the build before may ask for a file of that one. */
async function found(name: string): Promise<Response | undefined> {
  const others = (await builds()).filter((build) => build !== NAME);
  for (const build of [NAME, ...others.toReversed()]) {
    const cache = await caches.open(build);
    const response = await cache.match(new URL(name, HOME).href, { ignoreVary: true });
    if (response) return response;
  }
  return undefined;
}

async function kept(request: Request, name: string): Promise<Response> {
  const here = await found(name);
  if (here) return here;
  const response = await fetch(request);
  if (response.ok && name.startsWith(HASHED)) await keepAnswer(request.url, response.clone());
  return response;
}

/** It may change without a new build; when nobody tells it soon, the old one holds. */
async function newestConfig(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(CONFIG_MS) });
    // A tunnel may answer with a page of its own.
    await response.clone().json();
    if (response.ok) await keepAnswer(request.url, response.clone());
    return response;
  } catch {
    return (await found(CONFIG)) ?? fetch(request);
  }
}

/** A full disk must not keep from the page what has come. */
async function keepAnswer(address: string, response: Response): Promise<void> {
  try {
    await (await caches.open(NAME)).put(address, response);
  } catch {
    // It is fetched again next time.
  }
}
