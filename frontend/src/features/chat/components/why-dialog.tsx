// How an answer came to be: who gave it, why they, what it took, and how it ended.
import type { ReactNode } from 'react';

import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import type { Message } from '../queries';
import type { Turn } from '../stream/reduce-turn';
import { finishWords, noteOf, sourceWords } from '../words/phrases';
import { useWords } from '../words/use-words';

export type WhyDialogProps = { message: Message; live: Turn | null; onClose(): void };

export function WhyDialog({ message, live, onClose }: WhyDialogProps) {
  const t = useWords();
  const { provider, model, usage, ttft_ms: first, elapsed_ms: elapsed, finish_reason: finish, memory_ids: memories } = message;
  const seconds = (milliseconds: number) => t('answer.elapsed', { seconds: milliseconds / 1000 });
  const tokens = (count: number) => t(usage?.estimated ? 'answer.aboutTokens' : 'answer.tokens', { count });
  const speed =
    usage && first !== null && elapsed !== null && elapsed > first ? (usage.completion_tokens * 1000) / (elapsed - first) : null;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('why.title')}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 wrap-anywhere tabular-nums">
        <Fact name={t('why.model')}>{model}</Fact>
        <Fact name={t('why.provider')}>{provider}</Fact>
        <Fact name={t('why.source')}>{live?.meta && sourceWords(t, live.meta.selection.source)}</Fact>
        <Fact name={t('why.read')}>{usage && tokens(usage.prompt_tokens)}</Fact>
        <Fact name={t('why.written')}>{usage && tokens(usage.completion_tokens)}</Fact>
        <Fact name={t('why.first')}>{first !== null && seconds(first)}</Fact>
        <Fact name={t('why.elapsed')}>{elapsed !== null && seconds(elapsed)}</Fact>
        <Fact name={t('why.speed')}>{speed !== null && t('why.perSecond', { speed })}</Fact>
        <Fact name={t('why.end')}>{finishWords(t, message.state, finish)}</Fact>
        <Fact name={t('why.memories')}>{memories.length > 0 && t('why.memoryCount', { count: memories.length })}</Fact>
        <Fact name={t('why.note')}>{live && noteOf(t, live)}</Fact>
      </dl>
      <Actions>
        <Button onClick={onClose}>{t('shared:close')}</Button>
      </Actions>
    </Dialog>
  );
}

/** Nothing is said of what is not known. */
function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === false) return null;
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
