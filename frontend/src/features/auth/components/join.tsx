// The door for invited people: who invited them, what the owner can and cannot see, and their account.
import { useEffect, useState, type SyntheticEvent } from 'react';

import { ApiError } from '../../../shared/api/errors';
import { hashOf, paths } from '../../../shared/config/paths';
import { useLocale } from '../../../shared/i18n/i18n';
import { dayAndTime } from '../../../shared/lib/moments';
import { usePageTitle } from '../../../shared/lib/page-title';
import { Button } from '../../../shared/ui/button';
import { Skeleton } from '../../../shared/ui/skeleton';
import { TextField } from '../../../shared/ui/text-field';
import { codeIn } from '../door';
import { join, lookAtInvite, type InviteOffer } from '../queries';
import type { AuthConfig, User } from '../session';
import { AccountForm } from './account-form';
import { useWords, type AuthWords } from '../words/use-words';
import { DoorFrame } from './door-frame';
import { Refusal } from './refusal';

export type JoinProps = { config: AuthConfig; code: string | null; onSignedIn(user: User): void };
type Look = { is: 'looking' } | { is: 'offered'; offer: InviteOffer } | { is: 'refused'; error: ApiError };

export function Join({ config, code, onSignedIn }: JoinProps) {
  const t = useWords();
  usePageTitle(t('join.title'));
  const [look, setLook] = useState<Look>({ is: 'looking' });
  useEffect(() => {
    if (code) void lookUp(code).then(setLook);
  }, [code]);

  if (!code) return <EnterCode />;
  if (look.is === 'refused') return <Refused error={look.error} onRetry={() => void lookUp(code).then(setLook)} />;
  return (
    <DoorFrame
      heading={look.is === 'looking' ? t('join.invited') : invitation(t, look.offer)}
      lead={look.is === 'looking' ? <Skeleton className="h-6 w-64" /> : <Offer offer={look.offer} />}
      aside={<WhatIsSeen />}
      foot={<HaveAccount />}
    >
      <AccountForm
        config={config}
        submitLabel={t('makeAccount')}
        act={async (account) => onSignedIn(await join(config, code, account))}
        explain={({ code: wrong }) => (wrong === 'INVALID_INVITE' ? t('join.spent') : null)}
      />
    </DoorFrame>
  );
}

async function lookUp(code: string): Promise<Look> {
  try {
    return { is: 'offered', offer: await lookAtInvite(code) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { is: 'refused', error };
  }
}

function invitation(t: AuthWords, { invited_by: name }: InviteOffer): string {
  return name ? t('join.invitedBy', { name }) : t('join.invited');
}

function Offer({ offer }: { offer: InviteOffer }) {
  const t = useWords();
  const locale = useLocale();
  return (
    <>
      {offer.note && <p className="mb-2 border-s-2 border-lamp ps-3 text-ink wrap-anywhere">{offer.note}</p>}
      <p>{t('join.goodUntil', { moment: dayAndTime(offer.expires_at, locale) })}</p>
    </>
  );
}

function WhatIsSeen() {
  const t = useWords();
  return (
    <section aria-labelledby="what-is-seen" className="grid gap-2 rounded-panel bg-panel px-4 py-3.5 text-frame">
      <h2 id="what-is-seen" className="font-strong">
        {t('seen.heading')}
      </h2>
      <ul className="grid gap-1.5 text-muted">
        <li>{t('seen.page')}</li>
        <li>{t('seen.machine')}</li>
        <li>{t('seen.models')}</li>
      </ul>
    </section>
  );
}

function EnterCode() {
  const t = useWords();
  const [text, setText] = useState('');
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const code = codeIn(text);
    if (code !== '') window.location.hash = `${hashOf(paths.join)}?code=${encodeURIComponent(code)}`;
  };
  return (
    <DoorFrame heading={t('join.heading')} lead={t('join.lead')} foot={<HaveAccount />}>
      <form className="grid gap-5" onSubmit={onSubmit}>
        <TextField
          label={t('join.code')}
          name="code"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" weight="primary">
          {t('join.goOn')}
        </Button>
      </form>
    </DoorFrame>
  );
}

function Refused({ error, onRetry }: { error: ApiError; onRetry(): void }) {
  const t = useWords();
  const bad = error.code === 'INVALID_INVITE';
  return (
    <DoorFrame
      lamp={bad ? 'dim' : 'out'}
      heading={bad ? t('join.bad') : t('join.unread')}
      lead={bad ? t('join.badLead') : undefined}
      foot={<HaveAccount />}
    >
      {!bad && (
        <>
          <Refusal error={error} />
          <Button onClick={onRetry}>{t('shared:tryAgain')}</Button>
        </>
      )}
    </DoorFrame>
  );
}

function HaveAccount() {
  const t = useWords();
  return (
    <p>
      {t('join.haveAccount')}{' '}
      <a className="text-accent underline underline-offset-3" href={hashOf(paths.signIn)}>
        {t('signIn')}
      </a>
    </p>
  );
}
