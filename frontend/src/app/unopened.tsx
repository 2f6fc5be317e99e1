// The backend did not answer when the page was opened: says so, and tries again by itself.
import type { ApiError } from '../shared/api/errors';
import { usePageTitle } from '../shared/lib/page-title';
import { useBackOff } from '../shared/lib/use-back-off';
import { useSecondsUntil } from '../shared/lib/use-seconds-until';
import { Button } from '../shared/ui/button';
import { Plain } from './plain';
import { AWAY_WAITS_SECONDS, awayWords } from './away-words';

export function Unopened({ error, onRetry }: { error: ApiError; onRetry(): Promise<void> }) {
  usePageTitle('Away');
  const { nextAt, tryNow } = useBackOff(onRetry, AWAY_WAITS_SECONDS);
  const seconds = useSecondsUntil(nextAt);
  const { heading, advice } = awayWords(error.code, error.message);
  return (
    <Plain
      heading={heading}
      act={
        <Button weight="primary" busy={nextAt === null} onClick={tryNow}>
          Try now
        </Button>
      }
    >
      <p>{advice}</p>
      <p className="text-frame tabular-nums">{nextAt === null ? 'Trying' : `This page tries again by itself in ${seconds} s.`}</p>
      {error.requestId && <p className="text-meta">Request {error.requestId}</p>}
    </Plain>
  );
}
