// What a conversation is, at its composer: whether memory is used in it, and whether it stays. Where that is kept is the caller's affair.
import { CirclePause, Hourglass } from 'lucide-react';
import type { MouseEvent } from 'react';

import { useWords } from '../words/use-words';

export type StandingProps = {
  /** Null where the person is not remembered. */
  memory: boolean | null;
  temporary: boolean;
  /** Only a conversation that has not begun can become temporary. */
  begun: boolean;
  onMemory(used: boolean): void;
  onTemporary(temporary: boolean): void;
};

const CLASSES =
  'inline-flex min-h-control min-w-control shrink-0 items-center justify-center gap-1.5 rounded-control px-2 text-muted transition-colors hover:bg-hover hover:text-ink';

export function Standing({ memory, temporary, begun, onMemory, onTemporary }: StandingProps) {
  const t = useWords();
  const onKeep = ({ currentTarget }: MouseEvent<HTMLButtonElement>): void => {
    // The button goes with what it ends.
    if (begun) currentTarget.form?.querySelector('textarea')?.focus();
    onTemporary(!temporary);
  };
  return (
    <>
      {memory !== null && !temporary && (
        <button
          type="button"
          className={CLASSES}
          aria-pressed={memory}
          title={memory ? undefined : t('standing.memoryPaused')}
          onClick={() => onMemory(!memory)}
        >
          {!memory && <CirclePause size={16} strokeWidth={1.6} aria-hidden />}
          {t('standing.memory')}
        </button>
      )}
      {(temporary || !begun) && (
        <button
          type="button"
          className={CLASSES}
          aria-label={t('standing.temporaryLong')}
          aria-pressed={temporary}
          title={t(temporary ? 'standing.keep' : 'standing.temporaryLong')}
          onClick={onKeep}
        >
          <Hourglass size={16} strokeWidth={1.6} aria-hidden />
          {temporary && <span className="text-ink">{t('standing.temporary')}</span>}
        </button>
      )}
    </>
  );
}
