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
import { useWords } from '../words/use-words';
import { DoorFrame } from './door-frame';
import { Refusal } from './refusal';

export type ResetProps = { config: AuthConfig; token: string | null; onDone(): void };

export function Reset({ config, token, onDone }: ResetProps) {
  usePageTitle(useWords()('reset.password'));
  if (token === null) return <LinkIsGone />;
  return <NewPassword key={token} config={config} token={token} onDone={onDone} />;
}

/** After a reload: the link's secret was never kept. */
function LinkIsGone() {
  const t = useWords();
  return (
    <DoorFrame lamp="dim" heading={t('reset.gone')} lead={t('reset.goneLead')}>
      <p>
        <a className="text-accent underline underline-offset-3" href={hashOf(paths.signIn)}>
          {t('signIn')}
        </a>
      </p>
    </DoorFrame>
  );
}

function NewPassword({ config, token, onDone }: ResetProps & { token: string }) {
  const t = useWords();
  const [password, setPassword] = useState('');
  const { busy, error, problems, submit } = useSubmission(
    async (wanted: string) => {
      await resetPassword(token, wanted);
      onDone();
    },
    {
      check: (wanted) => {
        const problem = checkPassword(t, wanted, config);
        return problem === null ? {} : { new_password: problem };
      },
    },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(password);
  };
  return (
    <DoorFrame heading={t('reset.heading')} lead={t('reset.lead')}>
      <form className="grid gap-5" onSubmit={onSubmit} noValidate>
        <PasswordField
          label={t('reset.password')}
          name="new-password"
          autoComplete="new-password"
          hint={t('passwordRule', { least: config.password_rules.min_length })}
          value={password}
          problem={problems['new_password']}
          onChange={(event) => setPassword(event.target.value)}
        />
        {error && <Refusal error={error} words={error.code === 'INVALID_RESET' ? t('reset.spent') : null} />}
        <Button type="submit" weight="primary" busy={busy}>
          {t('reset.save')}
        </Button>
      </form>
    </DoorFrame>
  );
}
