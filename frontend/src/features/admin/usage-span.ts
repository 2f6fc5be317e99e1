// A range of days, as addresses and the wire spell it: both ends included, counted in UTC. Pure.
import type { AdminWords } from './words/use-words';

export type UsageSpan = { from: string; to: string };

export const MOST_DAYS = 366;
const DAY_MS = 86_400_000;
const SHAPE = /^\d{4}-\d{2}-\d{2}$/;

/** "2026-11-23" */
export function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

export function lastDays(count: number, now: number): UsageSpan {
  return { from: dayOf(now - (count - 1) * DAY_MS), to: dayOf(now) };
}

export function dayCount({ from, to }: UsageSpan): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** Every day of the span, the first first. */
export function daysOf(span: UsageSpan): string[] {
  const first = Date.parse(span.from);
  return Array.from({ length: Math.max(0, dayCount(span)) }, (_, place) => dayOf(first + place * DAY_MS));
}

export function isDay(text: string | null): text is string {
  return text !== null && SHAPE.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(Date.parse(text)) === text;
}

/** What is wrong with a span, in words; null when nothing is. */
export function spanProblem(t: AdminWords, span: UsageSpan): string | null {
  const days = dayCount(span);
  if (days < 1) return t('usage.turned');
  return days > MOST_DAYS ? t('usage.tooLong', { most: MOST_DAYS }) : null;
}
