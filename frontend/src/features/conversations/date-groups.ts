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
  const labelOf = labels(t, now, locale);
  for (const item of items) {
    const label = labelOf(new Date(item.last_message_at));
    const last = groups.at(-1);
    if (last?.label === label) last.items.push(item);
    else groups.push({ label, items: [item] });
  }
  return groups;
}

/** Ten thousand items ask: what is costly is done once. */
function labels(t: ConversationWords, now: Date, locale: string): (date: Date) => string {
  const days = [
    // A clock ahead of this device's must not put a conversation nowhere.
    [daysBefore(now, 0), t('dates.today')],
    [daysBefore(now, 1), t('dates.yesterday')],
    [daysBefore(now, 7), t('dates.week')],
    [daysBefore(now, 30), t('dates.month')],
  ] as const;
  const months = new Map<number, string>();
  return (date) => {
    const near = days.find(([since]) => date >= since);
    if (near) return near[1];
    const key = date.getFullYear() * 12 + date.getMonth();
    const known = months.get(key) ?? monthOf(date, now, locale);
    months.set(key, known);
    return known;
  };
}

function monthOf(date: Date, now: Date, locale: string): string {
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
