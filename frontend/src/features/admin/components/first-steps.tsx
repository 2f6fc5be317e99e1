// What the owner still has to do before others come in: live, and gone when it is done or not wanted.
import { useQuery } from '@tanstack/react-query';
import { Check, Circle } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';

import { paths } from '../../../shared/config/paths';
import { readStored, store } from '../../../shared/lib/storage';
import { Button } from '../../../shared/ui/button';
import { checkList, type Standing, type Step } from '../check-list';
import { overviewQuery, serversQuery } from '../queries';
import { useWords } from '../words/use-words';

const DISMISSED = 'omniai:first-steps:';

const SETTINGS: Partial<Record<Step, string>> = {
  address: 'OMNIAI_PUBLIC_URL',
  lock: 'OMNIAI_ORIGIN_LOCK_ENABLED',
  backup: 'OMNIAI_BACKUP_EVERY_HOURS',
};

/** `owner`: whose wish it is not to see them, where several administrators use one browser. */
export function FirstSteps({ owner }: { owner: string }) {
  const t = useWords();
  const [dismissed, setDismissed] = useState(() => readStored(DISMISSED + owner) !== null);
  const { data: figures } = useQuery(overviewQuery);
  const { data: servers } = useQuery(serversQuery);
  if (dismissed || figures === undefined || servers === undefined) return null;
  const steps = checkList(figures, servers);
  const open = steps.filter(({ done }) => !done).length;
  if (open === 0) return null;
  const dismiss = (): void => {
    store(DISMISSED + owner, 'yes');
    setDismissed(true);
  };
  return (
    <section aria-labelledby="first-steps" className="grid gap-3 rounded-panel bg-panel p-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-2">
        <h2 id="first-steps" className="text-title font-strong">
          {t('firstSteps.heading')}
        </h2>
        <p role="status" className="text-meta text-muted tabular-nums">
          {t('firstSteps.done', { done: steps.length - open, all: steps.length })}
        </p>
      </div>
      <ul className="grid gap-3">
        {steps.map((standing) => (
          <Item key={standing.step} standing={standing} />
        ))}
      </ul>
      <div>
        <Button onClick={dismiss}>{t('firstSteps.dismiss')}</Button>
      </div>
    </section>
  );
}

function Item({ standing: { step, done } }: { standing: Standing }) {
  const t = useWords();
  const Icon = done ? Check : Circle;
  const setting = SETTINGS[step];
  return (
    <li className="flex items-start gap-2.5">
      <span className={done ? 'mt-0.5 text-done' : 'mt-0.5 text-muted'}>
        <Icon size={18} strokeWidth={1.6} role="img" aria-label={t(done ? 'firstSteps.isDone' : 'firstSteps.isOpen')} />
      </span>
      <div className="grid min-w-0 gap-0.5">
        <p className={done ? 'text-muted' : 'font-strong'}>{t(`firstSteps.${step}.name`)}</p>
        {!done && <p className="text-meta text-muted">{t(`firstSteps.${step}.next`)}</p>}
        {!done && setting !== undefined && <code className="font-mono text-code wrap-anywhere">{setting}</code>}
        {!done && step === 'invite' && (
          <p>
            <Link to={paths.invites} className="text-accent underline">
              {t('firstSteps.toInvites')}
            </Link>
          </p>
        )}
      </div>
    </li>
  );
}
