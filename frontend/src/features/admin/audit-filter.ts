// Which entries of the log are wanted: between the page's address and the wire. Pure.
import { isDay } from './usage-span';

export type AuditFilter = {
  action?: string;
  actor?: string;
  outcome?: 'success' | 'refused';
  since?: string;
  until?: string;
};

export const FILTER_FIELDS = ['action', 'actor', 'outcome', 'from', 'until'] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** The filter that an address asks for; what it does not spell rightly is not asked for. Days are the reader's own, both included. */
export function auditFilter(address: URLSearchParams): AuditFilter {
  const [action, actor, outcome, from, until] = FILTER_FIELDS.map((field) => address.get(field)?.trim() || null);
  return {
    ...(action ? { action } : {}),
    ...(actor ? { actor } : {}),
    ...(outcome === 'success' || outcome === 'refused' ? { outcome } : {}),
    ...(isDay(from ?? null) ? { since: startOf(from ?? '', 0) } : {}),
    ...(isDay(until ?? null) ? { until: startOf(until ?? '', 1) } : {}),
  };
}

/** The address with one field changed; an empty value takes it away. */
export function withField(address: URLSearchParams, field: FilterField, value: string): URLSearchParams {
  const changed = new URLSearchParams(address);
  if (value === '') changed.delete(field);
  else changed.set(field, value);
  return changed;
}

export function isFiltered(address: URLSearchParams): boolean {
  return FILTER_FIELDS.some((field) => address.has(field));
}

/** The moment at which a day of the reader's begins, or the day some days after it. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
