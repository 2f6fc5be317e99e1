// A line above the page while the backend is away. Asks for its health with back-off, and refreshes the page when it is back.
import { useQueryClient } from '@tanstack/react-query';

import { api } from '../shared/api/client';
import { useReach } from '../shared/api/reach';
import { useBackOff } from '../shared/lib/use-back-off';
import { useSecondsUntil } from '../shared/lib/use-seconds-until';
import { Button } from '../shared/ui/button';
import { AWAY_WAITS_SECONDS, awayWords } from './away-words';
import { useWords } from './words/use-words';

export function AwayBanner() {
  const reach = useReach();
  if (reach === 'here') return null;
  return <Banner code={reach === 'away' ? 'BACKEND_AWAY' : 'TUNNEL_ANSWERED'} />;
}

function Banner({ code }: { code: 'BACKEND_AWAY' | 'TUNNEL_ANSWERED' }) {
  const t = useWords();
  const queries = useQueryClient();
  const look = async (): Promise<void> => {
    await api.GET('/health');
    await queries.invalidateQueries();
  };
  const { nextAt, tryNow } = useBackOff(look, AWAY_WAITS_SECONDS);
  const seconds = useSecondsUntil(nextAt);
  const { heading, advice } = awayWords(t, code, '');
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-lamp-wash px-4 py-2">
      <p className="min-w-0 flex-1 basis-64">
        <strong className="font-strong">{t('away.bannerHeading', { heading })}</strong> {advice} {t('away.kept')}
      </p>
      <span aria-hidden className="text-meta text-muted tabular-nums">
        {nextAt === null ? t('away.trying') : t('away.nextTry', { seconds })}
      </span>
      <Button busy={nextAt === null} onClick={tryNow}>
        {t('away.tryNow')}
      </Button>
    </div>
  );
}
