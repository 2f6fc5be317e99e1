// The exchanges of a conversation, one below the other, and the way back to their end.
import { ArrowDown } from 'lucide-react';
import { memo, useCallback, useEffect, useMemo, useRef } from 'react';

import type { Exchange } from '../thread-items';
import { useWords } from '../words/use-words';
import { Answer } from './answer';
import { Question } from './question';
import { useScrollAnchor } from './scroll-anchor';
import { RetryContext, ThreadActsContext, type ThreadActs } from './thread-acts';
import { useChange } from './use-change';
import { useThreadKeys } from './use-thread-keys';

export type ThreadProps = {
  exchanges: readonly Exchange[];
  acts: ThreadActs;
  /** The exchange below which space is kept, so that its question can stand near the top while the answer grows. */
  spacedId: string | null;
  /** Changes when a turn begins in this view: its question is brought near the top. */
  begunAt: number | null;
  /** Changes when the stored path does. */
  version: unknown;
};

/** Not drawn again for what is typed. */
export const Thread = memo(function Thread({ exchanges, acts, spacedId, begunAt, version }: ThreadProps) {
  const t = useWords();
  const { scroller, content, far, toEnd, hold } = useScrollAnchor(version);
  useThreadKeys(scroller);
  const toText = useCallback(() => scroller.current?.focus({ preventScroll: true }), [scroller]);
  const held = useHeldActs(exchanges, acts, hold, toText);
  const retry = useStableRetry(acts);
  useChange(begunAt, () => {
    if (begunAt !== null) toEnd();
  });
  return (
    <div className="thread-frame">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by key */}
      <section className="thread" ref={scroller} aria-label={t('thread.label')} tabIndex={0} data-busy={acts.retry === null || undefined}>
        <div className="thread-content" ref={content}>
          <RetryContext value={retry}>
            <ThreadActsContext value={held}>
              {stretchesOf(exchanges).map((stretch, index, all) => (
                // oxlint-disable-next-line react/no-array-index-key -- stretches are of one length: their place is their name
                <Stretch key={index} exchanges={stretch} spacedId={spacedId} last={index === all.length - 1} />
              ))}
            </ThreadActsContext>
          </RetryContext>
        </div>
      </section>
      {far && (
        <button type="button" className="jump" onClick={toEnd}>
          <ArrowDown size={16} strokeWidth={1.6} aria-hidden />
          {t('thread.toEnd')}
        </button>
      )}
    </div>
  );
});

/**
 * Another version takes the place of the shown one, and the text around it stays where it is. A button that goes with what it
 * began leaves the focus with the text.
 */
function useHeldActs(
  exchanges: readonly Exchange[],
  acts: ThreadActs,
  hold: (find: (content: Element) => Element | undefined) => void,
  toText: () => void,
): ThreadActs {
  const latest = useRef(exchanges);
  useEffect(() => {
    latest.current = exchanges;
  });
  return useMemo(() => {
    const { branch, continueAnswer, edit } = acts;
    if (branch === null) return acts;
    const heldContinue = (messageId: string) => {
      toText();
      continueAnswer?.(messageId);
    };
    const heldBranch = (messageId: string) => {
      const place = latest.current.findIndex((exchange) => siblingIds(exchange).includes(messageId));
      hold((content) => content.querySelectorAll('.exchange')[place]);
      branch(messageId);
    };
    const heldEdit: ThreadActs['edit'] = (question, text) => {
      toText();
      edit?.(question, text);
    };
    return { ...acts, branch: heldBranch, continueAnswer: continueAnswer && heldContinue, edit: edit && heldEdit };
  }, [acts, hold, toText]);
}

/** The same function over all turns, so that no button of a long conversation is drawn again when one begins or ends. */
function useStableRetry({ retry }: ThreadActs): (messageId: string, questionId: string) => void {
  const latest = useRef(retry);
  useEffect(() => {
    latest.current = retry;
  });
  return useCallback((messageId: string, questionId: string) => latest.current?.(messageId, questionId), []);
}

function siblingIds({ question, answers }: Exchange): string[] {
  return [question?.message, ...answers.map(({ message }) => message)].flatMap((message) => message?.sibling_ids ?? []);
}

/** The browser leaves out as a whole what is far from the view, and would ask every single exchange whether it is. */
const STRETCH = 16;

function stretchesOf(exchanges: readonly Exchange[]): Exchange[][] {
  return Array.from({ length: Math.ceil(exchanges.length / STRETCH) }, (_, place) =>
    exchanges.slice(place * STRETCH, (place + 1) * STRETCH),
  );
}

type StretchProps = { exchanges: readonly Exchange[]; spacedId: string | null; last: boolean };

const Stretch = memo(
  function Stretch({ exchanges, spacedId, last }: StretchProps) {
    return (
      <div className="stretch">
        {exchanges.map((exchange, index) => (
          <ExchangeView
            key={exchange.id}
            exchange={exchange}
            spaced={exchange.id === spacedId}
            last={last && index === exchanges.length - 1}
          />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.last === after.last &&
    before.spacedId === after.spacedId &&
    before.exchanges.length === after.exchanges.length &&
    before.exchanges.every((exchange, place) => exchange === after.exchanges[place]),
);

type ExchangeViewProps = { exchange: Exchange; spaced: boolean; last: boolean };

const ExchangeView = memo(function ExchangeView({ exchange, spaced, last }: ExchangeViewProps) {
  const { id, question, answers } = exchange;
  return (
    <section className="exchange" data-exchange={id} data-spaced={spaced || undefined} data-last={last || undefined}>
      {question && <Question item={question} />}
      {answers.map((answer, index) => (
        <Answer key={answer.id} item={answer} last={last && index === answers.length - 1} />
      ))}
    </section>
  );
});
