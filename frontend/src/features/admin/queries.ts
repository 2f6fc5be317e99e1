// Invites, as administrators see and make them. Keys are exported from here alone.
import { infiniteQueryOptions } from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';

export type Invite = components['schemas']['InviteItem'];
export type InviteMade = components['schemas']['InviteMade'];
export type NewInvite = Required<Pick<components['schemas']['InviteIn'], 'expires_in_hours' | 'max_uses' | 'role'>> & { note: string };
type Page = components['schemas']['Page_InviteItem_'];

export const inviteKeys = { list: ['invites'] as const };

export const invitesQuery = infiniteQueryOptions({
  queryKey: inviteKeys.list,
  queryFn: async ({ pageParam, signal }): Promise<Page> => {
    const query = pageParam === null ? {} : { cursor: pageParam };
    return given(await api.GET('/admin/invites', { params: { query }, signal }));
  },
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor: cursor }) => cursor,
});

export async function createInvite({ note, ...rest }: NewInvite): Promise<InviteMade> {
  return given(await api.POST('/admin/invites', { body: { ...rest, ...(note === '' ? {} : { note }) } }));
}

export async function revokeInvite(id: string): Promise<Invite> {
  return given(await api.POST('/admin/invites/{invite_id}/revoke', { params: { path: { invite_id: id } } }));
}
