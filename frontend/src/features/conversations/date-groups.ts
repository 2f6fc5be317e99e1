// Sorts a list, newest first, under the days and months that people remember by. Pure.
import type { ConversationWords } from './words/use-words';

type Dated = { last_message_at: string };
export type DateGroup<Item> = { label: string; items: Item[] };

export function groupByDate<Item extends Dated>(
  t: ConversationWords,
  items: readonly Item[],
  now: Date,
  locale: string,
): DateGroup<Item>[] {
  const groups: DateGroup<Item>[] = [];
  for (const item of items) {
    const label = labelOf(t, new Date(item.last_message_at), now, locale);
    const last = groups.at(-1);
    if (last?.label === label) last.items.push(item);
    else groups.push({ label, items: [item] });
  }
  return groups;
}

function labelOf(t: ConversationWords, date: Date, now: Date, locale: string): string {
  // A clock ahead of this device's must not put a conversation nowhere.
  if (date >= daysBefore(now, 0)) return t('dates.today');
  if (date >= daysBefore(now, 1)) return t('dates.yesterday');
  if (date >= daysBefore(now, 7)) return t('dates.week');
  if (date >= daysBefore(now, 30)) return t('dates.month');
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return capitalised(date.toLocaleDateString(locale, { month: 'long', ...year }), locale);
}

/** It stands as a heading, and some languages write months small. */
function capitalised(words: string, locale: string): string {
  return words.replace(/^./u, (first) => first.toLocaleUpperCase(locale));
}

/** The midnight that began the day some days ago; by the calendar, since days have 23 to 25 hours. */
function daysBefore(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
}
