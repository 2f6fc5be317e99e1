// Why the server refused an administrator's act, and what to do about it. Pure.
import type { ApiError } from '../../shared/api/errors';

export function refusalWords({ code, message }: ApiError): string {
  if (code === 'LAST_ADMIN') return 'This is the only administrator who can sign in. Make somebody else an administrator first.';
  if (code === 'USER_NOT_FOUND') return 'This person is not here any more.';
  return message;
}
