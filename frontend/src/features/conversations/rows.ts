// A grouped list as the lines of a column, headings among them, and back into groups where only some lines are drawn. Pure.
import type { DateGroup } from './date-groups';
import type { Conversation } from './lists';

export type Heading = { kind: 'heading'; key: string; group: string };
/** `of` is -1 while nobody knows how many there are. */
export type Line = { kind: 'line'; key: string; group: string; conversation: Conversation; place: number; of: number };
export type Row = Heading | Line;

export function rowsOf(groups: readonly DateGroup<Conversation>[], whole: boolean): Row[] {
  return groups.flatMap(({ label, items }, number) => {
    const of = whole || number < groups.length - 1 ? items.length : -1;
    const lines = items.map((conversation, index): Row => ({
      kind: 'line',
      key: conversation.id,
      group: label,
      conversation,
      place: index + 1,
      of,
    }));
    return [{ kind: 'heading', key: `heading ${label}`, group: label } satisfies Heading, ...lines];
  });
}

export type Drawn<At> = { group: string; heading: At | null; lines: { at: At; line: Line }[] };

export function drawnGroups<At extends { index: number }>(rows: readonly Row[], drawn: readonly At[]): Drawn<At>[] {
  const groups = new Map<string, Drawn<At>>();
  for (const at of drawn) {
    const row = rows[at.index];
    if (row === undefined) continue;
    const group = groups.get(row.group) ?? { group: row.group, heading: null, lines: [] };
    groups.set(row.group, group);
    if (row.kind === 'heading') group.heading = at;
    else group.lines.push({ at, line: row });
  }
  return [...groups.values()];
}

/** Which line is some lines further; the ends hold. */
export function neighbour(order: readonly string[], from: string | null, steps: number): string | null {
  const at = from === null ? -1 : order.indexOf(from);
  const to = at === -1 ? 0 : Math.max(0, Math.min(order.length - 1, at + steps));
  return order[to] ?? null;
}
