// How an answer ended when it did not end well: stopped, interrupted and failed look different and say what to do next.
import { CircleAlert, CircleStop, Ruler, Unplug, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import { useSecondsUntil } from '../../../../shared/lib/use-seconds-until';
import { Button } from '../../../../shared/ui/button';
import type { Trouble } from '../../stream/trouble';
import { isWorthRepeating, nextStep, timeWords, troubleWords } from '../../words/phrases';
import { useWords } from '../../words/use-words';

type Act = (() => void) | null;

export function StoppedPart({ empty, onContinue }: { empty: boolean; onContinue: Act }) {
  const t = useWords();
  return (
    <Ending icon={CircleStop} tone="quiet" act={onContinue && <Button onClick={onContinue}>{t('ending.goOn')}</Button>}>
      {t(empty ? 'ending.stoppedEmpty' : 'ending.stopped')}
    </Ending>
  );
}

/** The model had said as much as it may at once. */
export function CutShortPart({ onContinue }: { onContinue: Act }) {
  const t = useWords();
  return (
    <Ending icon={Ruler} tone="quiet" act={onContinue && <Button onClick={onContinue}>{t('ending.goOn')}</Button>}>
      {t('ending.cutShort')}
    </Ending>
  );
}

export function InterruptedPart({ empty, onContinue, onRetry }: { empty: boolean; onContinue: Act; onRetry: Act }) {
  const t = useWords();
  return (
    <Ending icon={Unplug} tone="notice" act={<Acts onContinue={onContinue} onRetry={onRetry} />}>
      {t(empty ? 'ending.interruptedEmpty' : 'ending.interrupted')}
    </Ending>
  );
}

export type ErrorPartProps = { trouble: Trouble; kept: string | null; onRetry: Act; onContinue?: Act };

export function ErrorPart({ trouble, kept, onRetry, onContinue = null }: ErrorPartProps) {
  const t = useWords();
  const wait = useSecondsUntil(trouble.retryAt);
  const act = isWorthRepeating(trouble.code) && <Acts onContinue={onContinue} onRetry={onRetry} wait={wait} />;
  return (
    <Ending icon={CircleAlert} tone="failed" act={act} requestId={trouble.requestId}>
      <strong>{troubleWords(t, trouble)}</strong> {[kept, nextStep(t, trouble.code)].filter(Boolean).join(' ')}
    </Ending>
  );
}

/** Going on keeps what there is and comes first; trying again begins anew. */
function Acts({ onContinue, onRetry, wait = 0 }: { onContinue: Act; onRetry: Act; wait?: number }) {
  const t = useWords();
  const waiting = wait > 0;
  return (
    <>
      {onContinue && (
        <Button onClick={onContinue} disabled={waiting}>
          {waiting ? t('ending.goOnIn', { wait: timeWords(t, wait) }) : t('ending.goOn')}
        </Button>
      )}
      {onRetry && (
        <Button onClick={onRetry} disabled={waiting} weight={onContinue ? 'plain' : 'quiet'}>
          {waiting && !onContinue ? t('shared:tryAgainIn', { wait: timeWords(t, wait) }) : t('shared:tryAgain')}
        </Button>
      )}
    </>
  );
}

type EndingProps = {
  icon: LucideIcon;
  tone: 'quiet' | 'notice' | 'failed';
  children: ReactNode;
  act?: ReactNode;
  requestId?: string | null;
};

function Ending({ icon: Icon, tone, children, act, requestId }: EndingProps) {
  const t = useWords();
  return (
    <div className="ending" data-tone={tone}>
      <Icon size={18} strokeWidth={1.6} aria-hidden className="ending-icon" />
      <div className="ending-body">
        <p>{children}</p>
        {requestId && <p className="ending-id">{t('shared:requestId', { id: requestId })}</p>}
      </div>
      {act && <div className="ending-act">{act}</div>}
    </div>
  );
}
