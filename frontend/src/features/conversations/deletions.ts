// Deletions that can still be undone: what is being deleted is out of sight at once, and gone when its time is over or the page
// is left. Knows how to wait and to take back, not what is said of it.
import { useSyncExternalStore } from 'react';

import { prepareChange } from '../../shared/api/client';
import { ApiError } from '../../shared/api/errors';
import { dropStored } from '../../shared/lib/storage';
import { forEach } from './one-by-one';
import { deleteConversation } from './queries';

/** `undoable` until it is sent for. */
type Stage = 'undoable' | 'sent';

let stages: ReadonlyMap<string, Stage> = new Map();
const listeners = new Set<() => void>();

export function useHidden(): ReadonlyMap<string, Stage> {
  return useSyncExternalStore(subscribe, () => stages);
}

export function hide(ids: readonly string[]): void {
  set(ids, 'undoable');
  void prepareChange().catch(() => undefined);
}

/** Brings back what was not sent for yet; false where it was too late. */
export function undo(ids: readonly string[]): boolean {
  if (ids.some((id) => stages.get(id) !== 'undoable')) return false;
  reveal(ids);
  return true;
}

/** Throws `SomeFailed` with those that the server refused to delete. Whatever the outcome, `reveal` ends it. */
export async function send(ids: readonly string[]): Promise<void> {
  set(ids, 'sent');
  await forEach(ids, remove);
}

export function reveal(ids: readonly string[]): void {
  const left = new Map(stages);
  for (const id of ids) left.delete(id);
  publish(left);
}

/** Sends for all that is hidden: the page, or the person, is about to go. */
export async function sendAll(): Promise<void> {
  const ids = [...stages.keys()];
  set(ids, 'sent');
  await Promise.allSettled(ids.map(remove));
}

/** What somebody else deleted meanwhile is as gone as it should be. */
async function remove(id: string): Promise<void> {
  try {
    await deleteConversation(id);
    // Drafts, choices and questions that wait in it.
    dropStored(`:${id}`);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

function set(ids: readonly string[], stage: Stage): void {
  publish(new Map([...stages, ...ids.map((id) => [id, stage] as const)]));
}

function publish(next: ReadonlyMap<string, Stage>): void {
  stages = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

window.addEventListener('pagehide', () => void sendAll());
