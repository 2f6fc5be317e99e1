// The backend did not answer when the page was opened: says so, and tries again by itself.
import type { ApiError } from '../shared/api/errors';
import { usePageTitle } from '../shared/lib/page-title';
import { useBackOff } from '../shared/lib/use-back-off';
import { useSecondsUntil } from '../shared/lib/use-seconds-until';
import { Button } from '../shared/ui/button';
import { Plain } from './plain';
import { AWAY_WAITS_SECONDS, awayWords } from './away-words';
import { useWords } from './words/use-words';

export function Unopened({ error, onRetry }: { error: ApiError; onRetry(): Promise<void> }) {
  const t = useWords();
  usePageTitle(t('away.title'));
  const { nextAt, tryNow } = useBackOff(onRetry, AWAY_WAITS_SECONDS);
  const seconds = useSecondsUntil(nextAt);
  const { heading, advice } = awayWords(t, error.code, error.message);
  return (
    <Plain
      heading={heading}
      act={
        <Button weight="primary" busy={nextAt === null} onClick={tryNow}>
          {t('away.tryNow')}
        </Button>
      }
    >
      <p>{advice}</p>
      <p className="text-frame tabular-nums">{nextAt === null ? t('away.trying') : t('away.pageTries', { seconds })}</p>
      {error.requestId && <p className="text-meta">{t('shared:requestId', { id: error.requestId })}</p>}
    </Plain>
  );
}
