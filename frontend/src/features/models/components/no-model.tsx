// Nothing at home can answer: what was tried, how to start it, and a look again by itself.
import { useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';

import { useBackOff } from '../../../shared/lib/use-back-off';
import { useSecondsUntil } from '../../../shared/lib/use-seconds-until';
import { Button } from '../../../shared/ui/button';
import { hasGuide, realProviders } from '../home';
import { askAgain, modelKeys, type Catalogue, type Provider } from '../queries';

const WAITS_SECONDS = [5, 10, 20, 40, 60] as const;

export function NoModel({ catalogue }: { catalogue: Catalogue }) {
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
          No model is online
        </h2>
        {hasGuide(catalogue) && (
          <p className="text-muted">Until one is, the Guide answers. It is not an AI: it shows that everything else works.</p>
        )}
      </div>
      <dl className="grid gap-1.5">
        {tried.map((provider) => (
          <div key={provider.id} className="flex flex-wrap items-baseline gap-x-2">
            <dt className="font-strong">{provider.label}</dt>
            <dd className="text-muted tabular-nums">{outcome(provider)}</dd>
          </div>
        ))}
      </dl>
      <p>
        On the machine at home, open LM Studio, load a model, and start the server on its Developer page, or run{' '}
        <code className="rounded-[0.25rem] bg-panel px-1.5 py-0.5 font-mono text-code">lms server start</code>.
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button onClick={tryNow} busy={nextAt === null}>
          <RotateCw size={18} strokeWidth={1.6} aria-hidden />
          Check again
        </Button>
        <p className="text-meta text-muted tabular-nums">
          {nextAt === null ? 'Checking' : `This page checks again by itself in ${seconds} s.`}
        </p>
      </div>
    </section>
  );
}

function outcome({ state, checked_at: checkedAt }: Provider): string {
  const at =
    checkedAt === null
      ? ''
      : `, asked at ${new Date(checkedAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })}`;
  return { up: 'answers, but offers no chat model', down: 'did not answer', unknown: 'was not asked yet' }[state] + at;
}
