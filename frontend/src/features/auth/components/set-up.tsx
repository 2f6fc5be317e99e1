// The first start: the owner's account, made with the one-time link that the server printed.
import type { ApiError } from '../../../shared/api/errors';
import { usePageTitle } from '../../../shared/lib/page-title';
import { setUp } from '../queries';
import type { AuthConfig, User } from '../session';
import { AccountForm } from './account-form';
import { DoorFrame } from './door-frame';

export type SetUpProps = { config: AuthConfig; token: string | null; onSignedIn(user: User): void };

export function SetUp({ config, token, onSignedIn }: SetUpProps) {
  usePageTitle('Set up');
  if (token === null || token === '') return <NoToken />;
  return (
    <DoorFrame
      heading="Make the owner’s account"
      lead="You run this OmniAI. You can invite others as soon as you are inside."
      foot="The name and the password are stored on this machine, the password as a hash only."
    >
      <AccountForm
        config={config}
        submitLabel="Make the account"
        act={async (account) => onSignedIn(await setUp(config, token, account))}
        explain={explain}
      />
    </DoorFrame>
  );
}

function NoToken() {
  return (
    <DoorFrame
      lamp="dim"
      heading="OmniAI is not set up yet"
      lead="Its owner makes the first account with a one-time link. The link is in the window where OmniAI was started: a line that ends in"
    >
      <code className="rounded-control border border-line bg-panel px-3 py-2.5 font-mono text-code wrap-anywhere">#/setup?token=…</code>
      <p className="text-muted">If you do not run this OmniAI, ask the person who does.</p>
    </DoorFrame>
  );
}

function explain({ code }: ApiError): string | null {
  if (code === 'AUTH_REQUIRED')
    return 'This set-up link is not the one that OmniAI printed last. Open the newest one from the window where it was started.';
  if (code === 'BOOTSTRAP_CLOSED') return 'The owner’s account exists already. Reload the page to sign in.';
  return null;
}
