// Pure: what is still to be done before an OmniAI is for others too, from what the server tells of itself.
import type { ModelServer, Overview } from './queries';

export const STEPS = ['model', 'invite', 'address', 'lock', 'backup'] as const;
export type Step = (typeof STEPS)[number];

export type Standing = { step: Step; done: boolean };

const GUIDE = 'guide';

/** Every step, in the order in which one takes them. */
export function checkList(figures: Overview, servers: readonly ModelServer[]): Standing[] {
  const done: Record<Step, boolean> = {
    model: servers.some(({ id, state, models }) => id !== GUIDE && state === 'up' && models > 0),
    invite: figures.users.total > 1 || figures.open_invites > 0,
    address: figures.public_url,
    lock: figures.origin_lock,
    backup: figures.backup.proven_at !== null && figures.backup.problem === null,
  };
  return STEPS.map((step) => ({ step, done: done[step] }));
}
