// What has become of an invite. Pure.
import type { Invite } from './queries';

export type InviteState = 'open' | 'usedUp' | 'expired' | 'revoked';

export function inviteState(
  { revoked_at: revoked, used_count: used, max_uses: most, expires_at: expires }: Invite,
  now: number,
): InviteState {
  if (revoked !== null) return 'revoked';
  if (used >= most) return 'usedUp';
  return Date.parse(expires) <= now ? 'expired' : 'open';
}
