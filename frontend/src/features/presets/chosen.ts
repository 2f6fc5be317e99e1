// Which preset goes with the questions of a conversation, kept on this device.
import { useState } from 'react';

import { dropStored, readStored, store } from '../../shared/lib/storage';

function prefixOf(owner: string): string {
  return `omniai:preset:${owner}:`;
}

function keyOf(owner: string, conversationId: string | null): string {
  return `${prefixOf(owner)}${conversationId ?? 'new'}`;
}

/** For an account that is no more. */
export function forgetChosen(owner: string): void {
  dropStored(prefixOf(owner));
}

/** A new conversation got its address: its choice goes with it. */
export function moveChosen(owner: string, conversationId: string): void {
  store(keyOf(owner, conversationId), readStored(keyOf(owner, null)));
  store(keyOf(owner, null), null);
}

export type Chosen = { id: string | null; choose(id: string | null): void };

export function useChosen(owner: string, conversationId: string | null): Chosen {
  const key = keyOf(owner, conversationId);
  const [picked, setPicked] = useState({ key, id: readStored(key) });
  if (picked.key !== key) setPicked({ key, id: readStored(key) });
  const choose = (id: string | null): void => {
    store(key, id);
    setPicked({ key, id });
  };
  return { id: picked.key === key ? picked.id : readStored(key), choose };
}
