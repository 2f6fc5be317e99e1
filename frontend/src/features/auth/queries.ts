// The acts of signing in and out, over the client. Each hands over the person; what that means is the session's affair.
import { api, chooseTransport, deviceToken, dropSignIn, given, keepSignIn, recognise } from '../../shared/api/client';
import type { SignInAnswer } from '../../shared/api/credentials';
import { ApiError } from '../../shared/api/errors';
import type { components } from '../../shared/api/generated/schema';
import type { AuthConfig, User } from './session';

export type InviteOffer = components['schemas']['InviteOffer'];
export type NewAccount = { username: string; password: string; displayName: string };

/** What the server offers, and who this browser is signed in as from an earlier visit. */
export async function open(): Promise<{ config: AuthConfig; user: User | null }> {
  const config = given(await api.GET('/auth/config'));
  if (chooseTransport(config.transports) === 'bearer' || config.setup_required) return { config, user: null };
  try {
    const user = given(await api.GET('/auth/me'));
    recognise(user.id);
    return { config, user };
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.code === 'USER_INACTIVE')) return { config, user: null };
    throw error;
  }
}

export async function signIn(config: AuthConfig, username: string, password: string): Promise<User> {
  const transport = chooseTransport(config.transports);
  const device = transport === 'bearer' ? deviceToken() : null;
  const body = { username, password, transport, ...(device === null ? {} : { device_token: device }) };
  return kept(given(await api.POST('/auth/login', { body })));
}

/** Gives the password once more, for an act that needs it. */
export async function provePassword(password: string): Promise<void> {
  await api.POST('/auth/reauth', { body: { password } });
}

/** Sets a new password by a one-time link. Every sign-in of the person ends. */
export async function resetPassword(token: string, password: string): Promise<void> {
  await api.POST('/auth/reset', { body: { token, new_password: password } });
}

export async function lookAtInvite(code: string): Promise<InviteOffer> {
  return given(await api.POST('/auth/invite', { body: { invite_code: code } }));
}

export async function join(config: AuthConfig, code: string, { username, password, displayName }: NewAccount): Promise<User> {
  const transport = chooseTransport(config.transports);
  const body = { invite_code: code, username, password, transport, ...(displayName === '' ? {} : { display_name: displayName }) };
  return kept(given(await api.POST('/auth/register', { body })));
}

/** Makes the owner's account. Its display name is a second step: the account exists even if that one fails. */
export async function setUp(config: AuthConfig, token: string, { username, password, displayName }: NewAccount): Promise<User> {
  const body = { username, password, transport: chooseTransport(config.transports) };
  const user = kept(given(await api.POST('/admin/bootstrap', { body, params: { header: { 'x-bootstrap-token': token } } })));
  if (displayName === '') return user;
  return api.PATCH('/auth/me', { body: { display_name: displayName } }).then(given, () => user);
}

export async function signOut(): Promise<void> {
  try {
    await api.POST('/auth/logout');
  } catch (error) {
    // Somebody whose sign-in has ended already is signed out.
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
  dropSignIn();
}

function kept(answer: SignInAnswer): User {
  keepSignIn(answer);
  return answer.user;
}
