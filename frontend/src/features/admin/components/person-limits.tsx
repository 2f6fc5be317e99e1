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
import { count, counted, readLimit } from '../figures';
import { adminKeys, dropLimits, quotaQuery, setLimits, usageQuery, type Quota } from '../queries';
import { refusalWords } from '../refusal-words';
import { dayOf } from '../usage-span';
import { Unloaded } from './unloaded';

export function PersonLimits({ id }: { id: string }) {
  const { data: quota, error, isPending, refetch } = useQuery(quotaQuery(id));
  if (isPending) return <Skeleton className="h-40" />;
  if (quota === undefined) return <Unloaded what="The limits" error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Today id={id} quota={quota} />
      <LimitsForm key={`${quota.messages_per_day} ${quota.tokens_per_day} ${quota.is_default}`} id={id} quota={quota} />
    </>
  );
}

function Today({ id, quota }: { id: string; quota: Quota }) {
  const today = dayOf(useNow(MINUTE));
  const { data: sums } = useQuery(usageQuery({ from: today, to: today }, 'user'));
  if (sums === undefined) return <Skeleton className="h-5 w-64" />;
  const own = sums.find((sum) => sum.user_id === id);
  const tokens = own ? own.prompt_tokens + own.completion_tokens : 0;
  return (
    <p className="tabular-nums">
      Used today: {used(own?.messages ?? 0, quota.messages_per_day, 'message', 'messages')},{' '}
      {used(tokens, quota.tokens_per_day, 'token', 'tokens')}.
    </p>
  );
}

function used(number: number, limit: number | null, one: string, many: string): string {
  return limit === null ? counted(number, one, many) : `${count(number)} of ${counted(limit, one, many)}`;
}

type Typed = { messages: string; tokens: string };

function LimitsForm({ id, quota }: { id: string; quota: Quota }) {
  const [typed, setTyped] = useState<Typed>({ messages: written(quota.messages_per_day), tokens: written(quota.tokens_per_day) });
  const queries = useQueryClient();
  const toast = useToast();
  const { busy, error, problems, submit } = useSubmission<Typed | 'defaults'>(
    async (wanted) => {
      if (wanted === 'defaults') await dropLimits(id);
      else await setLimits(id, { messages_per_day: readLimit(wanted.messages) ?? null, tokens_per_day: readLimit(wanted.tokens) ?? null });
      await queries.invalidateQueries({ queryKey: adminKeys.quota(id) });
      toast({ text: wanted === 'defaults' ? 'The default limits hold again.' : 'The limits are saved.' });
    },
    { check },
  );
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(typed);
  };
  const fields = [
    { name: 'messages', label: 'Messages a day', problem: problems['messages'] ?? problems['messages_per_day'] },
    { name: 'tokens', label: 'Tokens a day', problem: problems['tokens'] ?? problems['tokens_per_day'] },
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
            placeholder="no limit"
            value={typed[name]}
            problem={problem}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        ))}
      </div>
      <p className="text-meta text-muted">
        {quota.is_default ? 'These are the defaults of this installation.' : 'These limits are this person’s own.'} An empty field is no
        limit. The day begins at midnight UTC.
      </p>
      {error && <Note requestId={error.requestId}>{refusalWords(error)} The limits are as they were.</Note>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={busy}>
          Save the limits
        </Button>
        {!quota.is_default && (
          <Button weight="plain" busy={busy} onClick={() => void submit('defaults')}>
            Use the defaults
          </Button>
        )}
      </div>
    </form>
  );
}

function check(wanted: Typed | 'defaults'): Problems {
  if (wanted === 'defaults') return {};
  const wrong = (['messages', 'tokens'] as const).filter((name) => readLimit(wanted[name]) === undefined);
  return Object.fromEntries(wrong.map((name) => [name, 'A whole number, or nothing.']));
}

function written(limit: number | null): string {
  return limit === null ? '' : String(limit);
}
