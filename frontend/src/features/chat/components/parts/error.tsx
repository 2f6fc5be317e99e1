// How an answer ended when it did not end well: stopped, interrupted and failed look different and say what to do next.
import { CircleAlert, CircleStop, Unplug, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import { useSecondsUntil } from '../../../../shared/lib/use-seconds-until';
import { Button } from '../../../../shared/ui/button';
import type { Trouble } from '../../stream/trouble';
import { isWorthRepeating, nextStep, seconds } from '../../words';

export function StoppedPart({ empty }: { empty: boolean }) {
  return (
    <Ending icon={CircleStop} tone="quiet">
      {empty ? 'Stopped before the first word.' : 'Stopped. The text so far is kept.'}
    </Ending>
  );
}

export function InterruptedPart({ empty, onRetry }: { empty: boolean; onRetry: (() => void) | null }) {
  return (
    <Ending icon={Unplug} tone="notice" act={onRetry && <Button onClick={onRetry}>Try again</Button>}>
      {empty
        ? 'The answer was interrupted before its first word. Your question is saved.'
        : 'The answer was interrupted. What had arrived is kept.'}
    </Ending>
  );
}

export type ErrorPartProps = { trouble: Trouble; kept: string | null; onRetry: (() => void) | null };

export function ErrorPart({ trouble, kept, onRetry }: ErrorPartProps) {
  const wait = useSecondsUntil(trouble.retryAt);
  const repeat = onRetry !== null && isWorthRepeating(trouble.code);
  const act = repeat && (
    <Button onClick={onRetry} disabled={wait > 0}>
      {wait > 0 ? `Try again in ${seconds(wait)}` : 'Try again'}
    </Button>
  );
  return (
    <Ending icon={CircleAlert} tone="failed" act={act} requestId={trouble.requestId}>
      <strong>{trouble.message}</strong> {[kept, nextStep(trouble.code)].filter(Boolean).join(' ')}
    </Ending>
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
