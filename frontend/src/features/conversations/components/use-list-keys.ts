// What keys do on a line of the list. They act on the line with the focus, or on all that are chosen.
import type { KeyboardEvent } from 'react';

import { isKey, LIST_KEYS, type ListKey } from '../../../shared/lib/keys';
import { ON_MAC } from '../../../shared/lib/use-key';
import { neighbour } from '../rows';
import { NOTHING, stretched, toggled, type Selection } from '../selection';

export type ListKeysProps = {
  order: readonly string[];
  /** The line with the focus. */
  at: string | null;
  selection: Selection;
  select(selection: Selection): void;
  go(steps: number): void;
  rename(id: string): void;
  remove(ids: readonly string[]): void;
};

export function useListKeys({ order, at, selection, select, go, rename, remove }: ListKeysProps) {
  const acts = (id: string): Record<ListKey, () => void> => {
    const stretch = (steps: number): void => {
      const to = neighbour(order, id, steps);
      if (to !== null) select(stretched(selection.ids.size > 0 ? selection : toggled(NOTHING, id), to, order, id));
      go(steps);
    };
    return {
      select: () => select(toggled(selection, id)),
      selectDown: () => stretch(1),
      selectUp: () => stretch(-1),
      selectAll: () => select({ ids: new Set(order), anchor: id }),
      rename: () => rename(id),
      delete: () => remove(selection.ids.size > 0 ? [...selection.ids] : [id]),
    };
  };
  return (event: KeyboardEvent, pageLines: number): void => {
    // Keys on the lines themselves, not on their menus.
    if (at === null || !(event.target instanceof HTMLAnchorElement)) return;
    const steps = stepsOf(event, pageLines, order.length);
    const name = LIST_KEYS.find((each) => isKey(event.nativeEvent, each, ON_MAC));
    if (steps !== null) go(steps);
    else if (name !== undefined) acts(at)[name]();
    else if (event.key === 'Escape' && selection.ids.size > 0) select(NOTHING);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function stepsOf(event: KeyboardEvent, pageLines: number, all: number): number | null {
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return null;
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: pageLines, PageUp: -pageLines, End: all, Home: -all };
  return event.key in steps ? steps[event.key as keyof typeof steps] : null;
}
