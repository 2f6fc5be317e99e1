// What the browser lets the page do, whatever the page holds, and what the page's parts need in order to live with it.
import { fileURLToPath } from 'node:url';

/** Where a page may connect that learns its backend at run time only, from runtime-config.json. */
const ANYWHERE = 'https: http://127.0.0.1:* http://localhost:*';

/** `backend`: the one address that the page is built for; null for any. */
export function policyFor(backend: URL | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    `connect-src 'self' ${backend?.origin ?? ANYWHERE}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    // src/app/keep-page.ts, which names one script of our own.
    'trusted-types omniai-service-worker',
  ].join('; ');
}

export const POLICY = policyFor(null);

/** Of the frame that draws diagrams, which needs to write HTML and styles, and nothing that reaches out. */
export const DIAGRAM_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The backend that a build is for; null where none is named. Throws where the address cannot be one. */
export function backendOf(given: string | undefined): URL | null {
  if (given === undefined || given.trim() === '') return null;
  const address = URL.canParse(given.trim()) ? new URL(given.trim()) : null;
  const extra = address === null || [address.username, address.password, address.search, address.hash].some((part) => part !== '');
  if (address?.protocol !== 'https:' || extra) throw new Error('OMNIAI_PAGE_BACKEND must be an address alone that begins with https://.');
  return address;
}

/** In a browser it would read the name of a character (`&copy;`) by innerHTML, which the policy refuses. */
export const WITHOUT_INNER_HTML = {
  'decode-named-character-reference': fileURLToPath(new URL('./node_modules/decode-named-character-reference/index.js', import.meta.url)),
};
