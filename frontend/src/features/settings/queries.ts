// One's own profile, password and sign-ins.
import { infiniteQueryOptions } from '@tanstack/react-query';

import { api, fetchFile, given, keepSignIn } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';

export type User = components['schemas']['UserOut'];
export type SignIn = components['schemas']['SessionItem'];
type Preferences = User['preferences'];

export const signInKeys = { all: ['sign-ins'] as const };

export const signInsQuery = infiniteQueryOptions({
  queryKey: signInKeys.all,
  queryFn: async ({ pageParam }) =>
    given(await api.GET('/auth/sessions', { params: { query: pageParam === null ? {} : { cursor: pageParam } } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});

export async function saveDisplayName(name: string): Promise<User> {
  return given(await api.PATCH('/auth/me', { body: { display_name: name } }));
}

/** The wire takes the preferences as a whole. */
export async function saveTheme(preferences: Preferences, theme: Preferences['theme']): Promise<User> {
  return given(await api.PATCH('/auth/me', { body: { preferences: { ...preferences, theme } } }));
}

/** Every sign-in ends; the answer opens a new one for this page. */
export async function changePassword(current: string, wanted: string): Promise<void> {
  keepSignIn(given(await api.POST('/auth/password', { body: { current_password: current, new_password: wanted } })));
}

export async function endSignIn(id: string): Promise<void> {
  await api.DELETE('/auth/sessions/{session_id}', { params: { path: { session_id: id } } });
}

export async function endOtherSignIns(): Promise<void> {
  await api.DELETE('/auth/sessions');
}

/** A zip of everything that is one's own. */
export function exportEverything(): Promise<Blob> {
  return fetchFile('/export', 'application/zip');
}

/** Deletes the account with everything in it. */
export async function closeAccount(): Promise<void> {
  await api.DELETE('/auth/me');
}
