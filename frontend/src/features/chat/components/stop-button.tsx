// Send and Stop in one place, so that the eye and the thumb need to know only one. The next question goes beside them.
import { ArrowUp, ListEnd, Square } from 'lucide-react';

import { IconButton } from '../../../shared/ui/icon-button';
import { useWords } from '../words/use-words';

export type SendOrStopProps = {
  answering: boolean;
  stopping: boolean;
  /** There is something in the box. */
  canSend: boolean;
  onStop: () => void;
  onNext: () => void;
};

// The keys keep the two apart: a click on Stop must never end as the click of a button that submits.
export function SendOrStop({ answering, stopping, canSend, onStop, onNext }: SendOrStopProps) {
  const t = useWords();
  if (answering) {
    return (
      <>
        {canSend && (
          <IconButton label={t('composer.askNext')} onClick={onNext}>
            <ListEnd size={18} strokeWidth={1.6} aria-hidden />
          </IconButton>
        )}
        <button
          key="stop"
          type="button"
          className="send"
          aria-label={t(stopping ? 'composer.stopping' : 'composer.stop')}
          title={t('composer.stopByKey')}
          disabled={stopping}
          onClick={onStop}
        >
          <Square size={14} strokeWidth={1.6} fill="currentColor" aria-hidden />
        </button>
      </>
    );
  }
  return (
    <button key="send" type="submit" className="send" aria-label={t('composer.send')} title={t('composer.send')} disabled={!canSend}>
      <ArrowUp size={18} strokeWidth={1.6} aria-hidden />
    </button>
  );
}
