// What can be done with a message, handed down past the memoised messages, so that only a few buttons hear of a change.
import { createContext, useContext } from 'react';

import type { Message } from '../queries';

export type ThreadActs = {
  /** Null while an answer is written: no other can be asked for. */
  retry: ((messageId: string, questionId: string) => void) | null;
  /** The question in other words, answered; null while an answer is written. */
  edit: ((question: Message, text: string) => void) | null;
  /** What the server holds, and then what is shown of it; null while an answer is written. */
  change: ((act: () => Promise<void>) => void) | null;
  /** Null while an answer is written, and where nothing is stored yet. */
  continueAnswer: ((messageId: string) => void) | null;
  /** Null while an answer is written: the branch that is shown stays. */
  branch: ((messageId: string) => void) | null;
  /** Read on in an answer that the server let this page go from. */
  goOn: () => void;
};

const NOTHING: ThreadActs = {
  retry: null,
  edit: null,
  change: null,
  continueAnswer: null,
  branch: null,
  goOn: () => undefined,
};

export const ThreadActsContext = createContext<ThreadActs>(NOTHING);

export function useActs(): ThreadActs {
  return useContext(ThreadActsContext);
}

/** Where there is a question to answer again. Hidden while an answer is written, by the style sheet: there is one per answer. */
export const RetryContext = createContext<(messageId: string, questionId: string) => void>(() => undefined);

/** Shows what is remembered of the person and was told to the model; null where nobody can. */
export const MemoriesContext = createContext<((ids: readonly string[]) => void) | null>(null);

/** Null where there is no question to answer again, or not now. */
export function useRetryOf(messageId: string, questionId: string | null): (() => void) | null {
  const { retry } = useActs();
  return retry && questionId !== null ? () => retry(messageId, questionId) : null;
}
