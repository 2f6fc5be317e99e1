// One's own profile, password and sign-ins.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, fetchFile, given, keepSignIn, sendFile } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';

export type User = components['schemas']['UserOut'];
export type SignIn = components['schemas']['SessionItem'];
export type Import = components['schemas']['ImportOut'];
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

/** The wire takes the preferences as a whole, so what they are now is asked for first. */
export async function saveTheme(theme: Preferences['theme']): Promise<User> {
  const { preferences } = given(await api.GET('/auth/me'));
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

/** Sends a file to be looked through, or to be taken in. */
export async function beginImport(file: File, dryRun: boolean): Promise<Import> {
  return (await sendFile(`/import?dry_run=${dryRun}`, file)) as Import;
}

const LOOK_MS = 1000;

/** Follows an import to its end, of which `onImported` hears. */
export function importQuery(id: string, onImported: () => void) {
  return queryOptions({
    queryKey: ['import', id] as const,
    queryFn: async (): Promise<Import> => {
      const job = given(await api.GET('/import/{import_id}', { params: { path: { import_id: id } } }));
      if (job.imported > 0 && !job.dry_run && underWay(job) === false) onImported();
      return job;
    },
    staleTime: Infinity,
    refetchInterval: ({ state: { data } }) => (data && underWay(data) ? LOOK_MS : false),
  });
}

function underWay({ state }: Import): boolean {
  return state === 'queued' || state === 'running';
}

/** Deletes the account with everything in it. */
export async function closeAccount(): Promise<void> {
  await api.DELETE('/auth/me');
}
