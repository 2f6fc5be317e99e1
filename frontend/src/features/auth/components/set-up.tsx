// The first start: the owner's account, made with the one-time link that the server printed.
import type { ApiError } from '../../../shared/api/errors';
import { usePageTitle } from '../../../shared/lib/page-title';
import { setUp } from '../queries';
import type { AuthConfig, User } from '../session';
import { useWords, type AuthWords } from '../words/use-words';
import { AccountForm } from './account-form';
import { DoorFrame } from './door-frame';

export type SetUpProps = { config: AuthConfig; token: string | null; onSignedIn(user: User): void };

export function SetUp({ config, token, onSignedIn }: SetUpProps) {
  const t = useWords();
  usePageTitle(t('setUp.title'));
  if (token === null || token === '') return <NoToken />;
  return (
    <DoorFrame heading={t('setUp.heading')} lead={t('setUp.lead')} foot={t('setUp.foot')}>
      <AccountForm
        config={config}
        submitLabel={t('makeAccount')}
        act={async (account) => onSignedIn(await setUp(config, token, account))}
        explain={(error) => explain(t, error)}
      />
    </DoorFrame>
  );
}

function NoToken() {
  const t = useWords();
  return (
    <DoorFrame lamp="dim" heading={t('setUp.noToken')} lead={t('setUp.noTokenLead')}>
      <code className="rounded-control border border-line bg-panel px-3 py-2.5 font-mono text-code wrap-anywhere">#/setup?token=…</code>
      <p className="text-muted">{t('setUp.notOwner')}</p>
    </DoorFrame>
  );
}

function explain(t: AuthWords, { code }: ApiError): string | null {
  if (code === 'AUTH_REQUIRED') return t('setUp.oldLink');
  if (code === 'BOOTSTRAP_CLOSED') return t('setUp.closed');
  return null;
}
