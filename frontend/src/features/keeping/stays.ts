// How long one may wish conversations to stay.
const WISHES = [7, 30, 90, 180, 365] as const;

/** In days, shortest first: what one may wish for under the administrator's limit, and what one wished for before. */
export function wishesUnder(most: number | null, now: number | null): number[] {
  const open = WISHES.filter((days) => most === null || days < most);
  const all = now === null ? open : [...new Set([...open, now])];
  return all.toSorted((one, other) => one - other);
}
