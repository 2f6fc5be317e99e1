// What is done to the conversations of a list, one or many at once, and where the focus goes with it.
import { useCallback, useMemo, useState, type MouseEvent } from 'react';

import { useStable } from '../../../shared/lib/use-stable';
import { useToast } from '../../../shared/ui/toast';
import { useChangeConversations, type Changes } from '../queries';
import { kept, NOTHING, stretched, toggled, type Selection } from '../selection';
import { useDeletion } from '../use-deletion';
import type { Lists } from '../use-lists';
import { useWords } from '../words/use-words';
import type { RowActs } from './row-acts';

export type ListActs = {
  acts: RowActs;
  selection: Selection;
  setSelection(selection: Selection): void;
  /** The line that Tab reaches. */
  tabStop: string | null;
  /** The line that takes the focus as soon as it is drawn. */
  focusOn: string | null;
  setFocusOn(id: string | null): void;
  renaming: string | null;
};

export type ListActsProps = {
  lists: Lists;
  currentId: string | null;
  onFollow(): void;
  onRenamed(id: string): void;
  onDeleted(ids: readonly string[]): void;
};

export function useListActs({ lists: { order, find }, currentId, onFollow, onRenamed, onDeleted }: ListActsProps): ListActs {
  const [focused, setFocused] = useState<string | null>(null);
  const [focusOn, setFocusOn] = useState<string | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [given, setSelection] = useState(NOTHING);
  const selection = useMemo(() => kept(given, order), [given, order]);
  const t = useWords();
  const toast = useToast();
  const change = useChange();
  const deletion = useDeletion();
  const tabStop = [focused, currentId].find((id) => id !== null && order.includes(id)) ?? order[0] ?? null;

  /** What leaves the list leaves the focus to the line that takes its place. */
  const letGo = (ids: readonly string[]): void => {
    setSelection(NOTHING);
    setFocusOn(heirOf(order, new Set(ids)));
  };
  const acts = useStable<RowActs>({
    focused: setFocused,
    press: (event: MouseEvent, id) => {
      const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
      if (plain && selection.ids.size === 0) return onFollow();
      event.preventDefault();
      setSelection(event.shiftKey ? stretched(selection, id, order, currentId) : toggled(selection, id));
    },
    startRename: setRenaming,
    endRename: (id, title) => {
      setRenaming(null);
      setFocusOn(id);
      if (title === null) return;
      void change([id], { title }, t('failed.rename'), () => onRenamed(id));
    },
    select: (id) => setSelection(toggled(selection, id)),
    pin: (ids, pinned) => {
      setFocusOn(ids[0] ?? null);
      void change(ids, { pinned }, t(pinned ? 'failed.pin' : 'failed.unpin'));
    },
    archive: (ids, archived) => {
      letGo(ids);
      void change(ids, { archived }, t('failed.archive'));
    },
    remember: (ids, used) => {
      setFocusOn(ids[0] ?? null);
      void change(ids, { use_memory: used }, t('failed.memory'), () => toast({ text: t(used ? 'memory.used' : 'memory.paused') }));
    },
    remove: (ids) => {
      letGo(ids);
      deletion(find(ids));
      onDeleted(ids);
    },
  });
  return { acts, selection, setSelection, tabStop, focusOn, setFocusOn: useCallback((id) => setFocusOn(id), []), renaming };
}

function heirOf(order: readonly string[], gone: ReadonlySet<string>): string | null {
  const at = order.findIndex((id) => gone.has(id));
  const after = order.slice(at).find((id) => !gone.has(id));
  return after ?? order.slice(0, at).findLast((id) => !gone.has(id)) ?? null;
}

function useChange() {
  const { mutateAsync } = useChangeConversations();
  const toast = useToast();
  return async (ids: readonly string[], changes: Changes, failed: string, then?: () => void): Promise<void> => {
    try {
      await mutateAsync({ ids, changes });
      then?.();
    } catch {
      toast({ text: failed });
    }
  };
}
