// Sums of usage as rows of a table and columns of a chart. Pure.
import type { UsageGroup, UsageSum } from './queries';
import { daysOf, type UsageSpan } from './usage-span';
import type { AdminWords } from './words/use-words';

export type UsageRow = {
  key: string;
  label: string;
  messages: number;
  read: number;
  written: number;
};

export type UsageTotal = Pick<UsageRow, 'messages' | 'read' | 'written'>;
export type Names = ReadonlyMap<string, string>;

/** Days in their order, the newest first; people and models by how many tokens they took. */
export function usageRows(t: AdminWords, sums: readonly UsageSum[], group: UsageGroup, names: Names, locale: string): UsageRow[] {
  const rows = sums.map((sum) => ({
    key: [sum.day, sum.user_id, sum.provider, sum.model].filter(Boolean).join(' '),
    label: labelOf(t, sum, group, names, locale),
    messages: sum.messages,
    read: sum.prompt_tokens,
    written: sum.completion_tokens,
  }));
  if (group === 'day') return rows.toSorted((one, other) => other.key.localeCompare(one.key));
  return rows.toSorted((one, other) => tokens(other) - tokens(one) || one.label.localeCompare(other.label));
}

export function usageTotal(rows: readonly UsageRow[]): UsageTotal {
  return {
    messages: addUp(rows.map((row) => row.messages)),
    read: addUp(rows.map((row) => row.read)),
    written: addUp(rows.map((row) => row.written)),
  };
}

export type DayColumn = { day: string; tokens: number };

/** One column for every day of the span, those without use included. */
export function dayColumns(sums: readonly UsageSum[], span: UsageSpan): DayColumn[] {
  const byDay = new Map(sums.map((each) => [each.day, each.prompt_tokens + each.completion_tokens]));
  return daysOf(span).map((day) => ({ day, tokens: byDay.get(day) ?? 0 }));
}

export function tokens({ read, written }: UsageTotal): number {
  return read + written;
}

/** "Mon, 23 Nov 2026"; the day is the server's, so it is not moved into the reader's zone. */
export function dayLabel(day: string, locale: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

function labelOf(t: AdminWords, { day, user_id: person, model }: UsageSum, group: UsageGroup, names: Names, locale: string): string {
  if (group === 'day') return dayLabel(day ?? '', locale);
  if (group === 'user') return names.get(person ?? '') ?? t('usage.nobody');
  return model ?? '';
}

function addUp(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
