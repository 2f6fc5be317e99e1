// The actions under a message, in a row that keeps its place.
import { Check, Copy, RotateCcw, TriangleAlert } from 'lucide-react';
import { useContext, type RefObject } from 'react';

import { IconButton } from '../../../shared/ui/icon-button';
import { useWords } from '../words/use-words';
import { RetryContext } from './thread-acts';
import { useCopy, type CopyState } from './use-copy';

const ICONS: Record<CopyState, typeof Copy> = { idle: Copy, copied: Check, failed: TriangleAlert };

export function CopyAction({ text, rich }: { text: string; rich: RefObject<HTMLElement | null> | null }) {
  const t = useWords();
  const { state, copy } = useCopy();
  const Icon = ICONS[state];
  return (
    <IconButton label={t(`copy.${state}`)} data-act="copy" onClick={() => copy(text, rich?.current ?? null)}>
      <Icon size={18} strokeWidth={1.6} aria-hidden />
    </IconButton>
  );
}

export function RetryAction({ messageId, questionId }: { messageId: string; questionId: string }) {
  const t = useWords();
  const retry = useContext(RetryContext);
  return (
    <IconButton label={t('answer.again')} className="retry" onClick={() => retry(messageId, questionId)}>
      <RotateCcw size={18} strokeWidth={1.6} aria-hidden />
    </IconButton>
  );
}
