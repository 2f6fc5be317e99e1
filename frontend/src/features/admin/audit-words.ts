// What the log's actions are called, and an entry's facts in reading order. Pure.
import type { AuditEntry, AuditVerdict } from './queries';
import { count, counted } from './figures';

/** A family's key is a prefix that the wire understands. */
export const FAMILIES = [
  {
    family: 'auth.',
    label: 'Accounts and sign-ins',
    actions: {
      'auth.login': 'Signed in',
      'auth.logout': 'Signed out',
      'auth.register': 'Joined',
      'auth.bootstrap': 'Set up OmniAI',
      'auth.password_changed': 'Changed the own password',
      'auth.reauthenticated': 'Gave the password once more',
      'auth.password_reset': 'Set a new password by link',
      'auth.session_ended': 'Ended one own sign-in',
      'auth.sessions_ended': 'Ended the other own sign-ins',
      'auth.refresh_reused': 'A used-up sign-in came again',
      'auth.account_locked': 'Account locked after wrong passwords',
    },
  },
  { family: 'invite.', label: 'Invites', actions: { 'invite.created': 'Made an invite', 'invite.revoked': 'Revoked an invite' } },
  {
    family: 'user.',
    label: 'People',
    actions: {
      'user.updated': 'Changed a person',
      'user.deleted': 'Deleted a person',
      'user.sessions_revoked': 'Ended a person’s sign-ins',
      'user.reset_link_created': 'Made a reset link',
    },
  },
  {
    family: 'quota.',
    label: 'Limits',
    actions: { 'quota.updated': 'Set a person’s limits', 'quota.reset': 'Gave a person the default limits' },
  },
  {
    family: 'conversation.',
    label: 'Conversations',
    actions: { 'conversation.deleted': 'Deleted an own conversation', 'message.deleted': 'Deleted an own message' },
  },
  { family: 'audit.', label: 'This log', actions: { 'audit.exported': 'Exported the log' } },
  { family: 'access.', label: 'Access', actions: { 'access.refused': 'Was refused access' } },
] as const;

const WORDS = new Map<string, string>(FAMILIES.flatMap(({ actions }) => Object.entries(actions)));

/** An action of a newer server than this page stands as it is. */
export function actionWords(action: string): string {
  return WORDS.get(action) ?? action;
}

export type Fact = { name: string; value: string; mono?: boolean };

export function entryFacts(entry: AuditEntry, nameOf: (id: string) => string | undefined): Fact[] {
  const { actor_id: actor, target_id: target, target_type: type, detail } = entry;
  const facts: (Fact | null)[] = [
    { name: 'Number', value: count(entry.seq) },
    { name: 'When', value: exactTime(entry.at) },
    { name: 'Action', value: entry.action, mono: true },
    { name: 'Outcome', value: entry.outcome === 'refused' ? 'refused' : 'done' },
    actor === null ? null : { name: 'By', value: named(nameOf(actor) ?? entry.actor_name, actor) },
    target === null ? null : { name: 'On', value: `${type ?? ''} ${named(nameOf(target), target)}`.trim() },
    fact('Address', entry.address),
    fact('Browser', entry.user_agent),
    fact('Request', entry.request_id, true),
    ...Object.entries(detail ?? {}).map(([name, value]) => ({ name: `Detail: ${name}`, value: plain(value) })),
    fact('Hash', entry.hash, true),
  ];
  return facts.filter((each) => each !== null);
}

/** "23 Nov 2026, 14:05:09" */
export function exactTime(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

export function verdictWords({ ok, checked, first_bad: bad }: AuditVerdict): string {
  if (ok) return `The log is whole: nothing in its ${counted(checked, 'entry', 'entries')} was changed, and none is missing.`;
  if (bad === null) return 'The log is not whole.';
  return `The log was tampered with or damaged. Entry ${count(bad)} is the first that is missing or not as it was written. What stands before it is sound; do not rely on what comes after.`;
}

function fact(name: string, value: string | null, mono = false): Fact | null {
  return value === null ? null : { name, value, mono };
}

function named(name: string | null | undefined, id: string): string {
  return name ? `${name} (${id})` : id;
}

/** {"a": 1, "b": null} → "a: 1, b: none" */
function plain(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain).join(', ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name}: ${plain(inner)}`)
    .join(', ');
}
