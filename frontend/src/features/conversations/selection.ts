// Which conversations of a list are chosen together, and from where a range is stretched. Pure.
export type Selection = { ids: ReadonlySet<string>; anchor: string | null };

export const NOTHING: Selection = { ids: new Set(), anchor: null };

export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** From the anchor to a conversation, in the order of the list, besides what was chosen before. */
export function stretched({ ids, anchor }: Selection, to: string, order: readonly string[], from: string | null): Selection {
  const start = order.indexOf(anchor ?? from ?? to);
  const end = order.indexOf(to);
  if (start === -1 || end === -1) return toggled({ ids, anchor }, to);
  const range = order.slice(Math.min(start, end), Math.max(start, end) + 1);
  return { ids: new Set([...ids, ...range]), anchor: order[start] ?? to };
}

/** What is no longer in the list cannot be chosen. */
export function kept(selection: Selection, order: readonly string[]): Selection {
  const there = new Set(order);
  const ids = new Set([...selection.ids].filter((id) => there.has(id)));
  return ids.size === selection.ids.size ? selection : { ids, anchor: selection.anchor };
}
