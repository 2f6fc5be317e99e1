// Sorts a list, newest first, under the days and months that people remember by. Pure.
type Dated = { last_message_at: string };
export type DateGroup<Item> = { label: string; items: Item[] };

export function groupByDate<Item extends Dated>(items: readonly Item[], now: Date): DateGroup<Item>[] {
  const groups: DateGroup<Item>[] = [];
  for (const item of items) {
    const label = labelOf(new Date(item.last_message_at), now);
    const last = groups.at(-1);
    if (last?.label === label) last.items.push(item);
    else groups.push({ label, items: [item] });
  }
  return groups;
}

function labelOf(date: Date, now: Date): string {
  // A clock ahead of this device's must not put a conversation nowhere.
  if (date >= daysBefore(now, 0)) return 'Today';
  if (date >= daysBefore(now, 1)) return 'Yesterday';
  if (date >= daysBefore(now, 7)) return 'Previous 7 days';
  if (date >= daysBefore(now, 30)) return 'Previous 30 days';
  const month = date.toLocaleDateString('en', { month: 'long' });
  return date.getFullYear() === now.getFullYear() ? month : `${month} ${date.getFullYear()}`;
}

/** The midnight that began the day some days ago; by the calendar, since days have 23 to 25 hours. */
function daysBefore(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
}
