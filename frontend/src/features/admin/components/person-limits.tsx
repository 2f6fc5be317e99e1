// What a person may use in a day, and what they have used of today.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { MINUTE, useNow } from '../../../shared/lib/use-now';
import { useSubmission, type Problems } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { Skeleton } from '../../../shared/ui/skeleton';
import { TextField } from '../../../shared/ui/text-field';
import { useToast } from '../../../shared/ui/toast';
import { readLimit } from '../figures';
import { adminKeys, dropLimits, quotaQuery, setLimits, usageQuery, type Quota } from '../queries';
import { useRefusalWords } from '../refusal-words';
import { dayOf } from '../usage-span';
import { useWords, type AdminWords } from '../words/use-words';
import { Unloaded } from './unloaded';

export function PersonLimits({ id }: { id: string }) {
  const t = useWords();
  const { data: quota, error, isPending, refetch } = useQuery(quotaQuery(id));
  if (isPending) return <Skeleton className="h-40" />;
  if (quota === undefined) return <Unloaded words={t('unloaded.limits')} error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Today id={id} quota={quota} />
      <LimitsForm key={`${quota.messages_per_day} ${quota.tokens_per_day} ${quota.is_default}`} id={id} quota={quota} />
    </>
  );
}

function Today({ id, quota }: { id: string; quota: Quota }) {
  const t = useWords();
  const today = dayOf(useNow(MINUTE));
  const { data: sums } = useQuery(usageQuery({ from: today, to: today }, 'user'));
  if (sums === undefined) return <Skeleton className="h-5 w-64" />;
  const own = sums.find((sum) => sum.user_id === id);
  const tokens = own ? own.prompt_tokens + own.completion_tokens : 0;
  return (
    <p className="tabular-nums">
      {t('limits.today', {
        messages: used(t, 'messages', own?.messages ?? 0, quota.messages_per_day),
        tokens: used(t, 'tokens', tokens, quota.tokens_per_day),
      })}
    </p>
  );
}

function used(t: AdminWords, what: 'messages' | 'tokens', number: number, limit: number | null): string {
  return limit === null ? t(`limits.${what}`, { count: number }) : t(`limits.${what}Of`, { used: number, count: limit });
}

type Typed = { messages: string; tokens: string };

function LimitsForm({ id, quota }: { id: string; quota: Quota }) {
  const t = useWords();
  const refusalWords = useRefusalWords();
  const [typed, setTyped] = useState<Typed>({ messages: written(quota.messages_per_day), tokens: written(quota.tokens_per_day) });
  const queries = useQueryClient();
  const toast = useToast();
  const { busy, error, problems, submit } = useSubmission<Typed | 'defaults'>(
    async (wanted) => {
      if (wanted === 'defaults') await dropLimits(id);
      else await setLimits(id, { messages_per_day: readLimit(wanted.messages) ?? null, tokens_per_day: readLimit(wanted.tokens) ?? null });
      await queries.invalidateQueries({ queryKey: adminKeys.quota(id) });
      toast({ text: t(wanted === 'defaults' ? 'limits.defaultsHold' : 'limits.saved') });
    },
    { check: (wanted) => check(t, wanted) },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(typed);
  };
  const fields = [
    { name: 'messages', label: t('limits.messagesADay'), problem: problems['messages'] ?? problems['messages_per_day'] },
    { name: 'tokens', label: t('limits.tokensADay'), problem: problems['tokens'] ?? problems['tokens_per_day'] },
  ] as const;
  return (
    <form className="grid gap-4" onSubmit={onSubmit} noValidate>
      <div className="grid max-w-96 grid-cols-2 gap-3">
        {fields.map(({ name, label, problem }) => (
          <TextField
            key={name}
            label={label}
            name={name}
            inputMode="numeric"
            autoComplete="off"
            placeholder={t('limits.none')}
            value={typed[name]}
            problem={problem}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        ))}
      </div>
      <p className="text-meta text-muted">{t(quota.is_default ? 'limits.defaults' : 'limits.own')}</p>
      {error && <Note requestId={error.requestId}>{t('limits.kept', { why: refusalWords(error) })}</Note>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={busy}>
          {t('limits.save')}
        </Button>
        {!quota.is_default && (
          <Button weight="plain" busy={busy} onClick={() => void submit('defaults')}>
            {t('limits.useDefaults')}
          </Button>
        )}
      </div>
    </form>
  );
}

function check(t: AdminWords, wanted: Typed | 'defaults'): Problems {
  if (wanted === 'defaults') return {};
  const wrong = (['messages', 'tokens'] as const).filter((name) => readLimit(wanted[name]) === undefined);
  return Object.fromEntries(wrong.map((name) => [name, t('limits.noNumber')]));
}

function written(limit: number | null): string {
  return limit === null ? '' : String(limit);
}
