// Nothing at home can answer: what was tried, how to start it, and a look again by itself.
import { useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';

import { useLocale } from '../../../shared/i18n/i18n';
import { useBackOff } from '../../../shared/lib/use-back-off';
import { useSecondsUntil } from '../../../shared/lib/use-seconds-until';
import { Button } from '../../../shared/ui/button';
import { hasGuide, realProviders } from '../home';
import { askAgain, modelKeys, type Catalogue, type Provider } from '../queries';
import { useWords, type ModelsWords } from '../words/use-words';

const WAITS_SECONDS = [5, 10, 20, 40, 60] as const;

export function NoModel({ catalogue }: { catalogue: Catalogue }) {
  const t = useWords();
  const locale = useLocale();
  const queries = useQueryClient();
  const tried = realProviders(catalogue);
  const look = async (): Promise<void> => {
    await askAgain(tried);
    await queries.invalidateQueries({ queryKey: modelKeys.all });
  };
  const { nextAt, tryNow } = useBackOff(look, WAITS_SECONDS);
  const seconds = useSecondsUntil(nextAt);
  return (
    <section aria-labelledby="no-model" className="grid gap-4 rounded-panel border border-line p-5">
      <div className="grid gap-1">
        <h2 id="no-model" className="text-read font-strong">
          {t('noModel.heading')}
        </h2>
        {hasGuide(catalogue) && <p className="text-muted">{t('noModel.guide')}</p>}
      </div>
      <dl className="grid gap-1.5">
        {tried.map((provider) => (
          <div key={provider.id} className="flex flex-wrap items-baseline gap-x-2">
            <dt className="font-strong">{provider.label}</dt>
            <dd className="text-muted tabular-nums">{outcome(t, provider, locale)}</dd>
          </div>
        ))}
      </dl>
      <p>
        {t('noModel.advice')} <code className="rounded-[0.25rem] bg-panel px-1.5 py-0.5 font-mono text-code">lms server start</code>.
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button onClick={tryNow} busy={nextAt === null}>
          <RotateCw size={18} strokeWidth={1.6} aria-hidden />
          {t('noModel.again')}
        </Button>
        <p className="text-meta text-muted tabular-nums">
          {nextAt === null ? t('noModel.checking') : t('noModel.pageChecks', { seconds })}
        </p>
      </div>
    </section>
  );
}

function outcome(t: ModelsWords, { state, checked_at: checkedAt }: Provider, locale: string): string {
  const words = t(`noModel.${state}`);
  if (checkedAt === null) return words;
  const time = new Date(checkedAt).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return t('noModel.askedAt', { outcome: words, time });
}
