// The parts of one conversation put together: thread, troubles, composer, and the words for those who do not see it.
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';

import { useKey } from '../../../shared/lib/use-key';
import { isUnderWay, type Turn } from '../stream/reduce-turn';
import { PENDING_QUESTION } from '../thread-items';
import { keptAfterRefusal, spokenSeatWords } from '../words/phrases';
import { useWords, type ChatWords } from '../words/use-words';
import { Composer } from './composer';
import { useMarkdown } from './markdown-loader';
import { NextList } from './next-list';
import type { OffersFor } from './offers';
import { ErrorPart } from './parts/error';
import { Thread } from './thread';
import { ThreadSkeleton } from './thread-skeleton';
import { useSession, type SessionProps } from './use-session';

export type ChatSessionProps = SessionProps & { composerTools: ReactNode; emptyState: ReactNode; offersFor: OffersFor | null };

export function ChatSession({ composerTools, emptyState, offersFor, ...props }: ChatSessionProps) {
  const t = useWords();
  const session = useSession(props);
  const { exchanges, stored, draft, turn, refusal, stop } = session;
  const answering = isUnderWay(turn);
  useKey('stop', stop, answering);
  useEarlyMarkdown(props.conversationId !== null || draft.text !== '');
  const focusCount = useRefusals(refusal?.what === 'ask' ? refusal.trouble : null);
  const spacedId = useSpaced(turn);
  const page = useRef<HTMLDivElement>(null);
  const editLast = useCallback(() => {
    const last = [...(page.current?.querySelectorAll('.question') ?? [])].at(-1);
    last?.querySelector<HTMLElement>('[data-act=edit]')?.click();
  }, []);
  const empty = exchanges.length === 0 && !stored.loading && stored.trouble === null;
  return (
    <div className="chat" ref={page} data-empty={empty || undefined}>
      {stored.loading && <ThreadSkeleton />}
      {empty && <div className="chat-empty">{emptyState}</div>}
      {exchanges.length > 0 && (
        <Thread exchanges={exchanges} acts={session.acts} spacedId={spacedId} begunAt={begunAt(turn)} version={stored.messages} />
      )}
      <div className="chat-foot">
        {stored.trouble && <ErrorPart trouble={stored.trouble} kept={null} onRetry={() => void stored.read()} />}
        {refusal && (
          <ErrorPart
            trouble={refusal.trouble}
            kept={keptAfterRefusal(t, refusal.what, refusal.trouble)}
            onRetry={answering ? null : refusal.again}
          />
        )}
        {session.next.waiting.length > 0 && <NextList next={session.next} />}
        <Composer
          text={draft.text}
          onText={draft.setText}
          pasted={draft.pasted}
          onPasted={draft.setPasted}
          onSend={session.send}
          onStop={stop}
          onEditLast={editLast}
          answering={answering}
          stopping={turn?.stopping ?? false}
          tools={composerTools}
          offersFor={offersFor}
          focusCount={focusCount}
        />
      </div>
      <output className="sr-only">{statusWord(t, turn)}</output>
    </div>
  );
}

/** An answer that goes on, or could not, leaves everything where it stands. */
function useSpaced(turn: Turn | null): string | null {
  const [spacedId, setSpacedId] = useState<string | null>(null);
  const next = turn === null || turn.origin.kind === 'continue' ? spacedId : spacedIdOf(turn);
  if (next !== spacedId) setSpacedId(next);
  return next;
}

function spacedIdOf({ origin, meta }: Turn): string | null {
  if (origin.kind === 'retry') return origin.questionId;
  return origin.kind === 'attach' ? null : (meta?.user_message_id ?? PENDING_QUESTION);
}

/** Null where no question is to be brought near the top. */
function begunAt(turn: Turn | null): number | null {
  return turn === null || turn.origin.kind === 'continue' || turn.origin.kind === 'attach' ? null : turn.startedAt;
}

/** Said once per change, so that a screen reader is not read every token. */
function statusWord(t: ChatWords, turn: Turn | null): string {
  if (turn === null) return '';
  if (isUnderWay(turn)) return turn.place === null ? t('status.answering') : spokenSeatWords(t, turn.place);
  const status = turn.end?.status;
  return status === 'complete' || status === 'stopped' ? t('status.done') : t('status.failed');
}

/** Loaded beside the messages, or while the first question is typed, so that it is there before the first word. */
function useEarlyMarkdown(soonNeeded: boolean): void {
  useEffect(() => {
    if (soonNeeded) void useMarkdown.load();
  }, [soonNeeded]);
}

/** Counts the refusals of questions: each brings the text and the focus back into the box. */
function useRefusals(trouble: object | null): number {
  const [seen, setSeen] = useState<{ trouble: object | null; count: number }>({ trouble: null, count: 0 });
  if (trouble !== null && trouble !== seen.trouble) setSeen({ trouble, count: seen.count + 1 });
  return seen.count;
}
