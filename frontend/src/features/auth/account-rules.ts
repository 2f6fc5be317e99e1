// What can be told about a new account before the server is asked. Pure; the password's limits come from the server.
import type { Problems } from '../../shared/lib/use-submission';
import type { NewAccount } from './queries';
import type { AuthConfig } from './session';
import type { AuthWords } from './words/use-words';

const USERNAME = /^[a-z0-9_.-]{3,32}$/;

export function checkAccount(t: AuthWords, { username, password }: NewAccount, { password_rules: rules }: AuthConfig): Problems {
  const problems: Problems = {};
  if (!USERNAME.test(username.normalize('NFKC').trim().toLowerCase())) problems['username'] = t('problems.username');
  const problem = checkPassword(t, password, { password_rules: rules });
  if (problem !== null) problems['password'] = problem;
  return problems;
}

export function checkPassword(
  t: AuthWords,
  password: string,
  { password_rules: rules }: Pick<AuthConfig, 'password_rules'>,
): string | null {
  // Characters, as the server counts them, not UTF-16 units.
  const length = [...password].length;
  if (length < rules.min_length) return t('problems.short', { least: rules.min_length });
  return length > rules.max_length ? t('problems.long', { most: rules.max_length }) : null;
}
