// The door of a one-time link: a new password for somebody who lost theirs.
import { useState, type SyntheticEvent } from 'react';

import { hashOf, paths } from '../../../shared/config/paths';
import { usePageTitle } from '../../../shared/lib/page-title';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { PasswordField } from '../../../shared/ui/text-field';
import { checkPassword } from '../account-rules';
import { resetPassword } from '../queries';
import type { AuthConfig } from '../session';
import { DoorFrame } from './door-frame';
import { Refusal } from './refusal';

export type ResetProps = { config: AuthConfig; token: string | null; onDone(): void };

export function Reset({ config, token, onDone }: ResetProps) {
  usePageTitle('New password');
  if (token === null) return <LinkIsGone />;
  return <NewPassword key={token} config={config} token={token} onDone={onDone} />;
}

/** After a reload: the link's secret was never kept. */
function LinkIsGone() {
  return (
    <DoorFrame
      lamp="dim"
      heading="Open your link once more"
      lead="The link that sets a new password is not kept on this device. As long as you have not used it, it is still good."
    >
      <p>
        <a className="text-accent underline underline-offset-3" href={hashOf(paths.signIn)}>
          Sign in
        </a>
      </p>
    </DoorFrame>
  );
}

function NewPassword({ config, token, onDone }: ResetProps & { token: string }) {
  const [password, setPassword] = useState('');
  const { busy, error, problems, submit } = useSubmission(
    async (wanted: string) => {
      await resetPassword(token, wanted);
      onDone();
    },
    {
      check: (wanted) => {
        const problem = checkPassword(wanted, config);
        return problem === null ? {} : { new_password: problem };
      },
    },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(password);
  };
  return (
    <DoorFrame
      heading="Choose a new password"
      lead="The link that brought you here is good once. Every device that is signed in with your name has to sign in again."
    >
      <form className="grid gap-5" onSubmit={onSubmit} noValidate>
        <PasswordField
          label="New password"
          name="new-password"
          autoComplete="new-password"
          hint={`At least ${config.password_rules.min_length} characters. A few words are easier to keep than signs.`}
          value={password}
          problem={problems['new_password']}
          onChange={(event) => setPassword(event.target.value)}
        />
        {error && <Refusal error={error} words={error.code === 'INVALID_RESET' ? SPENT : null} />}
        <Button type="submit" weight="primary" busy={busy}>
          Save the password
        </Button>
      </form>
    </DoorFrame>
  );
}

const SPENT =
  'This link is no longer good: it was used, it ran out, or a newer one was made. Ask the person who runs OmniAI for a new one.';
