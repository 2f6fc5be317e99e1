// An answer on the page: what is stored of it, or the running turn that knows more.
import { memo, useContext, useRef } from 'react';

import { answerView, type AnswerView } from '../answer-view';
import type { Message } from '../queries';
import type { AnswerItem } from '../thread-items';
import { keptAfterParting, noteOf } from '../words/phrases';
import { useWords } from '../words/use-words';
import { CopyAction, RetryAction } from './message-actions';
import { MessageMenu } from './message-menu';
import { MessageTime } from './message-time';
import { CutShortPart, ErrorPart, InterruptedPart, StoppedPart } from './parts/error';
import { ReasoningPart } from './parts/reasoning';
import { TextPart } from './parts/text';
import { SiblingSwitcher } from './sibling-switcher';
import { MemoriesContext, useActs, useRetryOf } from './thread-acts';
import { Waiting } from './waiting';

/** `last`: nothing follows it on the shown branch. */
export const Answer = memo(function Answer({ item, last }: { item: AnswerItem; last: boolean }) {
  const t = useWords();
  const textRef = useRef<HTMLDivElement>(null);
  const view = answerView(item);
  const note = item.live && noteOf(t, item.live);
  const running = view.state === 'running';
  return (
    <article className="answer" aria-label={t('answer.label')}>
      {view.reasoning !== '' && (
        <ReasoningPart
          text={view.reasoning}
          running={running && view.text === ''}
          since={view.reasoningSince}
          until={view.reasoningUntil}
        />
      )}
      {view.text !== '' && (
        <div ref={textRef}>
          <TextPart text={view.text} growing={running && view.wait === null} />
        </div>
      )}
      {view.wait && <Waiting wait={view.wait} model={view.model} since={view.since} />}
      {endsOddly(view) && <AnswerEnding view={view} item={item} last={last} />}
      {note && <p className="answer-note">{note}</p>}
      <div className="message-foot">
        {!running && (
          <>
            <AnswerMeta view={view} message={item.message} />
            {item.message && <SiblingSwitcher message={item.message} />}
            <div className="message-actions">
              {view.text !== '' && <CopyAction text={view.text} rich={textRef} />}
              {item.questionId !== null && <RetryAction messageId={item.id} questionId={item.questionId} />}
              {item.message && <MessageMenu message={item.message} live={item.live} last={last} />}
            </div>
          </>
        )}
      </div>
    </article>
  );
});

/** Most answers are just complete, and have nothing to listen for. */
function endsOddly({ state, finishReason }: AnswerView): boolean {
  return state !== 'running' && (state !== 'complete' || finishReason === 'length');
}

function AnswerEnding({ view, item, last }: { view: AnswerView; item: AnswerItem; last: boolean }) {
  const t = useWords();
  const onRetry = useRetryOf(item.id, item.questionId);
  const { goOn, continueAnswer } = useActs();
  const empty = view.text === '';
  const onContinue = last && continueAnswer !== null ? () => continueAnswer(item.id) : null;
  switch (view.state) {
    case 'running':
    case 'complete':
      return <CutShortPart onContinue={onContinue} />;
    case 'stopped':
      return <StoppedPart empty={empty} onContinue={onContinue} />;
    case 'interrupted':
      return <InterruptedPart empty={empty} onContinue={onContinue} onRetry={onRetry} />;
    case 'error':
      return (
        <ErrorPart
          trouble={view.trouble}
          kept={t(empty ? 'kept.question' : 'kept.text')}
          onContinue={empty ? null : onContinue}
          onRetry={onRetry}
        />
      );
    case 'parted':
      return <ErrorPart trouble={view.trouble} kept={keptAfterParting(t, view.trouble.code)} onRetry={goOn} />;
  }
}

function AnswerMeta({ view, message }: { view: AnswerView; message: Message | null }) {
  const t = useWords();
  return (
    <p className="message-meta">
      {view.model && <span>{view.model}</span>}
      {message && <MessageTime iso={message.created_at} />}
      {view.usage && (
        <span>{t(view.usage.estimated ? 'answer.aboutTokens' : 'answer.tokens', { count: view.usage.completion_tokens })}</span>
      )}
      {view.elapsedMs !== null && <span>{t('answer.elapsed', { seconds: view.elapsedMs / 1000 })}</span>}
      {message && message.memory_ids.length > 0 && <UsedMemories ids={message.memory_ids} />}
    </p>
  );
}

function UsedMemories({ ids }: { ids: readonly string[] }) {
  const t = useWords();
  const show = useContext(MemoriesContext);
  const words = t('answer.memories', { count: ids.length });
  if (show === null) return <span>{words}</span>;
  return (
    <span>
      <button type="button" className="message-link" onClick={() => show(ids)}>
        {words}
      </button>
    </span>
  );
}
