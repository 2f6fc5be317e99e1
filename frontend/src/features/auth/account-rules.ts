// What can be told about a new account before the server is asked. Pure; the password's limits come from the server.
import type { Problems } from '../../shared/lib/use-submission';
import type { NewAccount } from './queries';
import type { AuthConfig } from './session';

export const USERNAME_RULE = '3 to 32 of a–z, 0–9, _ . -';
const USERNAME = /^[a-z0-9_.-]{3,32}$/;

export function checkAccount({ username, password }: NewAccount, { password_rules: rules }: AuthConfig): Problems {
  const problems: Problems = {};
  if (!USERNAME.test(username.normalize('NFKC').trim().toLowerCase())) problems['username'] = `A user name has ${USERNAME_RULE}.`;
  const problem = checkPassword(password, { password_rules: rules });
  if (problem !== null) problems['password'] = problem;
  return problems;
}

export function checkPassword(password: string, { password_rules: rules }: Pick<AuthConfig, 'password_rules'>): string | null {
  // Characters, as the server counts them, not UTF-16 units.
  const length = [...password].length;
  if (length < rules.min_length) return `A password has at least ${rules.min_length} characters.`;
  return length > rules.max_length ? `A password has at most ${rules.max_length} characters.` : null;
}
