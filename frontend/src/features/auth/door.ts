// Which page a signed-out person stands before, read from the address. Pure.
import { paths } from '../../shared/config/paths';

export type Door =
  { is: 'signIn' } | { is: 'setUp'; token: string | null } | { is: 'join'; code: string | null } | { is: 'reset'; token: string | null };

/** While there is no account at all, every address leads to the set-up. */
export function doorOf(hash: string, setupRequired: boolean): Door {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const given = new URLSearchParams(query);
  if (setupRequired) return { is: 'setUp', token: path === paths.setUp ? given.get('token') : null };
  if (path === paths.join) return { is: 'join', code: given.get('code') };
  if (path === paths.reset) return { is: 'reset', token: given.get('token') || null };
  return { is: 'signIn' };
}

/** An invite is passed on as a link or as its bare code; both are taken. */
export function codeIn(text: string): string {
  const link = /[?&]code=([^&\s]+)/.exec(text);
  const code = link?.[1] ?? text;
  try {
    return decodeURIComponent(code).trim();
  } catch {
    return code.trim();
  }
}
