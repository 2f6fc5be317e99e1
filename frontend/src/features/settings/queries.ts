// One's own profile, password and sign-ins.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, fetchFile, given, keepSignIn, sendFile } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';
import type { User } from '../../shared/api/preferences';

export type SignIn = components['schemas']['SessionItem'];
export type Import = components['schemas']['ImportOut'];

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

/** Follows an import to its end. */
export function importQuery(id: string) {
  return queryOptions({
    queryKey: ['import', id] as const,
    queryFn: async (): Promise<Import> => given(await api.GET('/import/{import_id}', { params: { path: { import_id: id } } })),
    staleTime: Infinity,
    refetchInterval: ({ state: { data } }) => (data && underWay(data) ? LOOK_MS : false),
  });
}

export function underWay({ state }: Import): boolean {
  return state === 'queued' || state === 'running';
}

/** Deletes the account with everything in it. */
export async function closeAccount(): Promise<void> {
  await api.DELETE('/auth/me');
}
