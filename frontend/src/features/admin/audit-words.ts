// What the log's actions are called, and an entry's facts in reading order. Pure.
import type { AuditEntry, AuditVerdict } from './queries';
import { count } from './figures';
import type { AdminWords } from './words/use-words';

/** A family is asked for by its name and a dot: a prefix that the wire understands. */
export const FAMILIES = [
  {
    name: 'auth',
    actions: [
      'auth.login',
      'auth.logout',
      'auth.register',
      'auth.bootstrap',
      'auth.password_changed',
      'auth.reauthenticated',
      'auth.password_reset',
      'auth.session_ended',
      'auth.sessions_ended',
      'auth.refresh_reused',
      'auth.account_locked',
    ],
  },
  { name: 'invite', actions: ['invite.created', 'invite.revoked'] },
  { name: 'user', actions: ['user.updated', 'user.deleted', 'user.sessions_revoked', 'user.reset_link_created'] },
  { name: 'quota', actions: ['quota.updated', 'quota.reset'] },
  {
    name: 'conversation',
    actions: ['conversation.deleted', 'conversation.restored', 'conversation.expired', 'trash.discarded', 'message.deleted'],
  },
  { name: 'audit', actions: ['audit.exported'] },
  { name: 'access', actions: ['access.refused'] },
] as const;

type Action = (typeof FAMILIES)[number]['actions'][number];

const ACTIONS: ReadonlySet<string> = new Set(FAMILIES.flatMap(({ actions }) => actions));

function isAction(action: string): action is Action {
  return ACTIONS.has(action);
}

/** An action of a newer server than this page stands as it is. */
export function actionWords(t: AdminWords, action: string): string {
  return isAction(action) ? t(`audit.actions.${action}`) : action;
}

export type Fact = { name: string; value: string; mono?: boolean };

export function entryFacts(t: AdminWords, entry: AuditEntry, nameOf: (id: string) => string | undefined, locale: string): Fact[] {
  const { actor_id: actor, target_id: target, target_type: type, detail } = entry;
  const facts: (Fact | null)[] = [
    { name: t('audit.facts.number'), value: count(entry.seq, locale) },
    { name: t('audit.facts.when'), value: exactTime(entry.at, locale) },
    { name: t('audit.facts.action'), value: entry.action, mono: true },
    { name: t('audit.facts.outcome'), value: t(entry.outcome === 'refused' ? 'audit.wasRefused' : 'audit.wasDone') },
    actor === null ? null : { name: t('audit.facts.by'), value: named(nameOf(actor) ?? entry.actor_name, actor) },
    target === null ? null : { name: t('audit.facts.on'), value: `${type ?? ''} ${named(nameOf(target), target)}`.trim() },
    fact(t('audit.facts.address'), entry.address),
    fact(t('audit.facts.browser'), entry.user_agent),
    fact(t('audit.facts.request'), entry.request_id, true),
    ...Object.entries(detail ?? {}).map(([name, value]) => ({ name: t('audit.facts.detail', { name }), value: plain(t, value) })),
    fact(t('audit.facts.hash'), entry.hash, true),
  ];
  return facts.filter((each) => each !== null);
}

/** "23 Nov 2026, 14:05:09" */
export function exactTime(iso: string, locale: string): string {
  return new Date(iso).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'medium' });
}

export function verdictWords(t: AdminWords, { ok, checked, first_bad: bad }: AuditVerdict): string {
  if (ok) return t('audit.whole', { count: checked });
  if (bad === null) return t('audit.notWhole');
  return t('audit.broken', { entry: bad });
}

function fact(name: string, value: string | null, mono = false): Fact | null {
  return value === null ? null : { name, value, mono };
}

function named(name: string | null | undefined, id: string): string {
  return name ? `${name} (${id})` : id;
}

/** {"a": 1, "b": null} → "a: 1, b: none" */
function plain(t: AdminWords, value: unknown): string {
  if (value === null) return t('audit.noValue');
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((each) => plain(t, each)).join(', ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name}: ${plain(t, inner)}`)
    .join(', ');
}
