// What administrators ask and change. Keys are exported from here alone.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, fetchFile, given } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';
import type { AuditFilter } from './audit-filter';
import type { UsageSpan } from './usage-span';

type Schemas = components['schemas'];
export type Invite = Schemas['InviteItem'];
export type InviteMade = Schemas['InviteMade'];
export type NewInvite = Required<Pick<Schemas['InviteIn'], 'expires_in_hours' | 'max_uses' | 'role'>> & { note: string };
export type Person = Schemas['AdminUser'];
export type PersonChanges = Partial<Pick<Person, 'display_name' | 'role' | 'status'>>;
export type PersonFilter = { q: string; status: Person['status'] | null };
export type ResetMade = Schemas['ResetMade'];
export type Quota = Schemas['QuotaOut'];
export type Limits = Schemas['QuotaIn'];
export type Overview = Schemas['Overview'];
export type ModelServer = Schemas['ProviderItem'];
export type ServerModel = Schemas['ModelOut'];
export type FoundServer = Schemas['FoundItem'];
export type UsageGroup = 'day' | 'user' | 'model';
export type UsageSum = Schemas['UsageItem'];
export type AuditEntry = Schemas['AuditItem'];
export type AuditVerdict = Schemas['AuditVerdict'];
export type AuditFormat = 'jsonl' | 'csv';

const PAGE = 50;
const LARGEST_PAGE = 200;
const WATCHED_MS = 15_000;

export const inviteKeys = { list: ['invites'] as const };

export const adminKeys = {
  overview: ['admin', 'overview'] as const,
  servers: ['admin', 'servers'] as const,
  serverModels: (id: string) => ['admin', 'servers', id] as const,
  found: ['admin', 'found'] as const,
  people: ['admin', 'people'] as const,
  person: (id: string) => ['admin', 'person', id] as const,
  quota: (id: string) => ['admin', 'quota', id] as const,
  usage: ['admin', 'usage'] as const,
  audit: ['admin', 'audit'] as const,
};

type Listed = { next_cursor: string | null };
/** What an act has just changed is looked up anew by every page that opens. */
const fresh = { staleTime: 0 };
const paged = { initialPageParam: null as string | null, getNextPageParam: (page: Listed) => page.next_cursor };

export const invitesQuery = infiniteQueryOptions({
  queryKey: inviteKeys.list,
  queryFn: async ({ pageParam, signal }) => given(await api.GET('/admin/invites', { params: { query: after(pageParam) }, signal })),
  ...paged,
});

export async function createInvite({ note, ...rest }: NewInvite): Promise<InviteMade> {
  return given(await api.POST('/admin/invites', { body: { ...rest, ...(note === '' ? {} : { note }) } }));
}

export async function revokeInvite(id: string): Promise<Invite> {
  return given(await api.POST('/admin/invites/{invite_id}/revoke', { params: { path: { invite_id: id } } }));
}

export const overviewQuery = queryOptions({
  queryKey: adminKeys.overview,
  queryFn: async ({ signal }) => given(await api.GET('/admin/overview', { signal })),
  ...fresh,
  refetchInterval: WATCHED_MS,
});

export const serversQuery = queryOptions({
  queryKey: adminKeys.servers,
  queryFn: async ({ signal }) => given(await api.GET('/admin/providers', { signal })).items,
  refetchInterval: WATCHED_MS,
});

export function serverModelsQuery(id: string) {
  return queryOptions({
    queryKey: adminKeys.serverModels(id),
    queryFn: async ({ signal }) => given(await api.GET('/providers/{provider_id}/models', { ...ofServer(id), signal })).items,
    ...fresh,
    refetchInterval: WATCHED_MS,
  });
}

/** Has OmniAI ask one model server now how it does, rather than remember. */
export async function askServer(id: string): Promise<void> {
  await api.GET('/providers/{provider_id}/health', ofServer(id));
}

/** Has the server look around on its machine, so once for a visit and not by the clock. */
export const foundQuery = queryOptions({
  queryKey: adminKeys.found,
  queryFn: async ({ signal }) => given(await api.GET('/admin/providers', { params: { query: { discover: true } }, signal })).found,
  staleTime: Infinity,
});

export function peopleQuery({ q, status }: PersonFilter) {
  return infiniteQueryOptions({
    queryKey: [...adminKeys.people, q, status],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...after(pageParam), ...(q === '' ? {} : { q }), ...(status === null ? {} : { status }) };
      return given(await api.GET('/admin/users', { params: { query }, signal }));
    },
    ...paged,
    ...fresh,
  });
}

/** Everybody's name by id, for pages that know ids alone. */
export const namesQuery = queryOptions({
  queryKey: [...adminKeys.people, 'names'],
  queryFn: async ({ signal }): Promise<ReadonlyMap<string, string>> => {
    const names = new Map<string, string>();
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: LARGEST_PAGE, ...after(cursor) };
      const page: Schemas['Page_AdminUser_'] = given(await api.GET('/admin/users', { params: { query }, signal }));
      for (const { id, display_name: name } of page.items) names.set(id, name);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return names;
  },
});

export function personQuery(id: string) {
  return queryOptions({
    queryKey: adminKeys.person(id),
    queryFn: async ({ signal }) => given(await api.GET('/admin/users/{user_id}', { ...of(id), signal })),
  });
}

export async function changePerson(id: string, changes: PersonChanges): Promise<Person> {
  return given(await api.PATCH('/admin/users/{user_id}', { ...of(id), body: changes }));
}

export async function deletePerson(id: string): Promise<void> {
  await api.DELETE('/admin/users/{user_id}', of(id));
}

export async function endSignIns(id: string): Promise<void> {
  await api.POST('/admin/users/{user_id}/revoke-sessions', of(id));
}

export async function makeResetLink(id: string): Promise<ResetMade> {
  return given(await api.POST('/admin/users/{user_id}/reset-password', of(id)));
}

export function quotaQuery(id: string) {
  return queryOptions({
    queryKey: adminKeys.quota(id),
    queryFn: async ({ signal }) => given(await api.GET('/admin/quotas/{user_id}', { ...of(id), signal })),
  });
}

export async function setLimits(id: string, limits: Limits): Promise<void> {
  await api.PUT('/admin/quotas/{user_id}', { ...of(id), body: limits });
}

export async function dropLimits(id: string): Promise<void> {
  await api.DELETE('/admin/quotas/{user_id}', of(id));
}

export function usageQuery({ from, to }: UsageSpan, group: UsageGroup) {
  return queryOptions({
    queryKey: [...adminKeys.usage, from, to, group],
    queryFn: async ({ signal }) => given(await api.GET('/admin/usage', { params: { query: { from, to, group } }, signal })).items,
    ...fresh,
  });
}

export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: [...adminKeys.audit, filter],
    queryFn: async ({ pageParam, signal }) =>
      given(await api.GET('/admin/audit', { params: { query: { limit: PAGE, ...after(pageParam), ...filter } }, signal })),
    ...paged,
    ...fresh,
  });
}

export async function verifyAudit(): Promise<AuditVerdict> {
  return given(await api.GET('/admin/audit/verify'));
}

const MEDIA: Record<AuditFormat, string> = { jsonl: 'application/x-ndjson', csv: 'text/csv' };

export function exportAudit(format: AuditFormat): Promise<Blob> {
  return fetchFile(`/admin/audit/export?format=${format}`, MEDIA[format]);
}

function after(cursor: string | null): { cursor?: string } {
  return cursor === null ? {} : { cursor };
}

function of(id: string) {
  return { params: { path: { user_id: id } } };
}

function ofServer(id: string) {
  return { params: { path: { provider_id: id } } };
}
