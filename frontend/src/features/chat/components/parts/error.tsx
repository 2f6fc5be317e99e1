// How an answer ended when it did not end well: stopped, interrupted and failed look different and say what to do next.
import { CircleAlert, CircleStop, Ruler, Unplug, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import { useSecondsUntil } from '../../../../shared/lib/use-seconds-until';
import { Button } from '../../../../shared/ui/button';
import type { Trouble } from '../../stream/trouble';
import { isWorthRepeating, nextStep, seconds } from '../../words';

type Act = (() => void) | null;

export function StoppedPart({ empty, onContinue }: { empty: boolean; onContinue: Act }) {
  return (
    <Ending icon={CircleStop} tone="quiet" act={onContinue && <Button onClick={onContinue}>Continue</Button>}>
      {empty ? 'Stopped before the first word.' : 'Stopped. The text so far is kept.'}
    </Ending>
  );
}

/** The model had said as much as it may at once. */
export function CutShortPart({ onContinue }: { onContinue: Act }) {
  return (
    <Ending icon={Ruler} tone="quiet" act={onContinue && <Button onClick={onContinue}>Continue</Button>}>
      The answer reached its greatest length.
    </Ending>
  );
}

export function InterruptedPart({ empty, onContinue, onRetry }: { empty: boolean; onContinue: Act; onRetry: Act }) {
  return (
    <Ending icon={Unplug} tone="notice" act={<Acts onContinue={onContinue} onRetry={onRetry} />}>
      {empty
        ? 'The answer was interrupted before its first word. Your question is saved.'
        : 'The answer was interrupted. What had arrived is kept.'}
    </Ending>
  );
}

export type ErrorPartProps = { trouble: Trouble; kept: string | null; onRetry: Act; onContinue?: Act };

export function ErrorPart({ trouble, kept, onRetry, onContinue = null }: ErrorPartProps) {
  const wait = useSecondsUntil(trouble.retryAt);
  const act = isWorthRepeating(trouble.code) && <Acts onContinue={onContinue} onRetry={onRetry} wait={wait} />;
  return (
    <Ending icon={CircleAlert} tone="failed" act={act} requestId={trouble.requestId}>
      <strong>{trouble.message}</strong> {[kept, nextStep(trouble.code)].filter(Boolean).join(' ')}
    </Ending>
  );
}

/** Going on keeps what there is and comes first; trying again begins anew. */
function Acts({ onContinue, onRetry, wait = 0 }: { onContinue: Act; onRetry: Act; wait?: number }) {
  const waiting = wait > 0;
  return (
    <>
      {onContinue && (
        <Button onClick={onContinue} disabled={waiting}>
          {waiting ? `Continue in ${seconds(wait)}` : 'Continue'}
        </Button>
      )}
      {onRetry && (
        <Button onClick={onRetry} disabled={waiting} weight={onContinue ? 'plain' : 'quiet'}>
          {waiting && !onContinue ? `Try again in ${seconds(wait)}` : 'Try again'}
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
  return (
    <div className="ending" data-tone={tone}>
      <Icon size={18} strokeWidth={1.6} aria-hidden className="ending-icon" />
      <div className="ending-body">
        <p>{children}</p>
        {requestId && <p className="ending-id">Request {requestId}</p>}
      </div>
      {act && <div className="ending-act">{act}</div>}
    </div>
  );
}
