// Deletes conversations as far as the person sees, and says how to have them back.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { useToast } from '../../shared/ui/toast';
import { hide, reveal, send, undo } from './deletions';
import type { Conversation } from './lists';
import { SomeFailed } from './one-by-one';
import { forgetConversations } from './queries';
import { useWords, type ConversationWords } from './words/use-words';

/** `onUndone` runs when what was deleted is there again. */
export type Delete = (conversations: readonly Conversation[], onUndone?: () => void) => void;

export function useDeletion(): Delete {
  const t = useWords();
  const queries = useQueryClient();
  const toast = useToast();
  return useCallback(
    (conversations, onUndone) => {
      const ids = conversations.map(({ id }) => id);
      const [only] = conversations.length === 1 ? conversations : [];
      const takeBack = (): void => {
        if (undo(ids)) onUndone?.();
        else toast({ text: t('deletion.tooLate') });
      };
      const finish = async (): Promise<void> => {
        const failed = await failedOf(ids);
        if (failed.length > 0)
          toast({ text: only ? t('failed.delete', { title: only.title }) : t('failed.deleteMany', { count: failed.length }) });
        await forgetConversations(
          queries,
          ids.filter((id) => !failed.includes(id)),
        );
        reveal(ids);
      };
      hide(ids);
      toast({
        text: only ? doneWords(t, only) : t('deletion.doneMany', { count: ids.length }),
        action: { label: t('deletion.undo'), run: takeBack },
        onGone: () => void finish(),
      });
    },
    [t, queries, toast],
  );
}

function doneWords(t: ConversationWords, { title, temporary }: Conversation): string {
  return temporary ? t('deletion.temporary') : t('deletion.done', { title });
}

async function failedOf(ids: readonly string[]): Promise<readonly string[]> {
  try {
    await send(ids);
    return [];
  } catch (error) {
    return error instanceof SomeFailed ? error.ids : ids;
  }
}
