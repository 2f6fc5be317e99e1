// A question that the line swallowed may be stored all the same: then it must not wait in the box to be sent twice.
import { useEffect, useRef } from 'react';

import type { Draft } from '../drafts';
import type { Message } from '../queries';

export type Leftover = { question: string; after: string | null };

export function lastQuestionId(messages: readonly Message[]): string | null {
  return messages.findLast(({ role }) => role === 'user')?.id ?? null;
}

export function wasStored({ question, after }: Leftover, messages: readonly Message[]): boolean {
  const last = messages.findLast(({ role }) => role === 'user');
  return last !== undefined && last.id !== after && last.content === question;
}

export function useLeftover(leftover: Leftover | null, messages: readonly Message[], draft: Draft, onStored: () => void): void {
  const latest = useRef({ draft, onStored });
  useEffect(() => {
    latest.current = { draft, onStored };
  });
  useEffect(() => {
    if (leftover === null || !wasStored(leftover, messages)) return;
    if (latest.current.draft.text === leftover.question) latest.current.draft.setText('');
    latest.current.onStored();
  }, [leftover, messages]);
}
