// What the browser lets the page do, whatever the page holds, and what the page's parts need in order to live with it.
import { fileURLToPath } from 'node:url';

export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  // The backend's address is known only at run time, from runtime-config.json.
  "connect-src 'self' https: http://127.0.0.1:* http://localhost:*",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** In a browser it would read the name of a character (`&copy;`) by innerHTML, which the policy refuses. */
export const WITHOUT_INNER_HTML = {
  'decode-named-character-reference': fileURLToPath(new URL('./node_modules/decode-named-character-reference/index.js', import.meta.url)),
};
