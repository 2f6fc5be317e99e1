// What the server holds of the shown conversation, read again when a turn ends, and the running answer to take up.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';

import { useStable } from '../../../shared/lib/use-stable';
import { noteEnded } from '../own-turns';
import { chatKeys, conversationQuery, isUnnamed, messagesQuery, type Conversation, type Message } from '../queries';
import { generationOf, isUnderWay, mayGoOn, type Turn } from '../stream/reduce-turn';
import { troubleOf, type Trouble } from '../stream/trouble';
import type { TurnControls } from '../stream/use-turn';
import { unfollowed } from '../thread-items';

export type Stored = {
  messages: readonly Message[];
  loading: boolean;
  trouble: Trouble | null;
  /** The messages were read since this view began, and are not being read anew. */
  settled: boolean;
  /** The turn began under a cut title, and a better one may come or have come. */
  unnamed: boolean;
  read(): Promise<void>;
};

const NONE: readonly Message[] = [];

/** What was read when a turn ended: the conversation as it is now, null where that must be asked for. */
export type OnRead = (turn: Turn | null, conversation: Conversation | null) => void;

/** `endings` grows whenever what is stored has changed. */
export function useStored(conversationId: string | null, controls: TurnControls, endings: number, onRead: OnRead): Stored {
  const { turn, attach, markStored } = controls;
  const cache = useQueryClient();
  const id = conversationId ?? '';
  const enabled = conversationId !== null;
  const conversation = useQuery({ ...conversationQuery(id), enabled });
  const path = useQuery({ ...messagesQuery(id, isUnderWay(turn)), enabled });
  const messages = path.data ?? NONE;
  const [begunAt] = useState(() => Date.now());
  const endedAt = useRef(0);

  const read = useCallback(async () => {
    const keys = [chatKeys.messages(id), chatKeys.conversation(id)];
    await Promise.all(keys.map((queryKey) => cache.refetchQueries({ queryKey }, { throwOnError: true })));
  }, [cache, id]);

  const ended = useStable({
    read: async (): Promise<void> => {
      const known = turn?.end ? await noteEnded(cache, id, turn).catch(() => null) : null;
      onRead(turn, known);
      if (known === null) await read();
    },
  });
  useEffect(() => {
    if (endings === 0 || !enabled) return;
    endedAt.current = Date.now();
    // When the reading fails, the turn goes on showing what it knows, until a later one succeeds.
    ended.read().catch(() => undefined);
  }, [endings, enabled, ended]);
  const { dataUpdatedAt } = path;
  useEffect(() => {
    if (endings > 0 && dataUpdatedAt >= endedAt.current) markStored();
  }, [endings, dataUpdatedAt, markStored]);

  const fetching = path.isFetching || conversation.isFetching;
  const back = mayGoOn(turn, conversation.dataUpdatedAt);
  const running = fetching ? null : unfollowed(messages, back ? null : turn);
  const generationId = conversation.data?.active_generation_id ?? null;
  const known = !back && generationOf(turn) === generationId;
  useEffect(() => {
    if (running !== null && generationId !== null && !known) attach(generationId, Date.parse(running.created_at));
  }, [running, generationId, known, attach]);

  const failed = path.error ?? conversation.error;
  return {
    messages,
    loading: enabled && path.isPending && turn === null,
    trouble: failed && path.data === undefined ? troubleOf(failed, path.errorUpdatedAt || conversation.errorUpdatedAt) : null,
    settled: !enabled || isSettled(path, begunAt),
    unnamed: conversation.data !== undefined && isUnnamed(turn?.meta?.title ?? '', conversation.data),
    read,
  };
}

function isSettled({ dataUpdatedAt, isFetching }: { dataUpdatedAt: number; isFetching: boolean }, since: number): boolean {
  return dataUpdatedAt >= since && !isFetching;
}
