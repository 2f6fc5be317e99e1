// The actions under a message, in a row that keeps its place.
import { Check, Copy, RotateCcw, TriangleAlert } from 'lucide-react';
import type { RefObject } from 'react';

import { IconButton } from '../../../shared/ui/icon-button';
import { useWords } from '../words/use-words';
import { useRetryOf } from './thread-acts';
import { useCopy, type CopyState } from './use-copy';

const ICONS: Record<CopyState, typeof Copy> = { idle: Copy, copied: Check, failed: TriangleAlert };

export function CopyAction({ text, rich }: { text: string; rich: RefObject<HTMLElement | null> | null }) {
  const t = useWords();
  const { state, copy } = useCopy();
  const Icon = ICONS[state];
  return (
    <IconButton label={t(`copy.${state}`)} onClick={() => copy(text, rich?.current ?? null)}>
      <Icon size={18} strokeWidth={1.6} aria-hidden />
    </IconButton>
  );
}

export function RetryAction({ messageId, questionId }: { messageId: string; questionId: string | null }) {
  const t = useWords();
  const retry = useRetryOf(messageId, questionId);
  return (
    retry && (
      <IconButton label={t('answer.again')} onClick={retry}>
        <RotateCcw size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
    )
  );
}
