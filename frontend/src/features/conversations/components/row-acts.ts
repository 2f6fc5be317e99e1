// What a line of the list can have done: to itself, or to all that are chosen with it.
import { createContext, type MouseEvent } from 'react';

export type RowActs = {
  press(event: MouseEvent, id: string): void;
  focused(id: string): void;
  startRename(id: string): void;
  endRename(id: string, title: string | null): void;
  select(id: string): void;
  pin(ids: readonly string[], pinned: boolean): void;
  archive(ids: readonly string[], archived: boolean): void;
  remember(ids: readonly string[], used: boolean): void;
  remove(ids: readonly string[]): void;
};

/** Whether the person is remembered at all, so that a conversation can be left out of it. */
export const RememberedContext = createContext(false);
