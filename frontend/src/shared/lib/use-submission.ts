// One act of a form: whether it runs, and what the server found wrong, in all or at one field.
import { useState } from 'react';

import { ApiError } from '../api/errors';
import { useSharedWords } from '../i18n/i18n';
import { errorWords } from '../i18n/refusals';

export type Problems = Record<string, string>;

export type Submission<Input> = {
  busy: boolean;
  /** What concerns no single field. */
  error: ApiError | null;
  problems: Problems;
  submit(input: Input): Promise<void>;
};

type Options<Input> = {
  /** Finds what can be told without the server; an empty result lets the act run. */
  check?(input: Input): Problems;
  /** Errors that belong to a field although the server does not name one. */
  fieldOf?(error: ApiError): string | null;
};

export function useSubmission<Input>(act: (input: Input) => Promise<void>, { check, fieldOf }: Options<Input> = {}): Submission<Input> {
  const t = useSharedWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [problems, setProblems] = useState<Problems>({});

  const submit = async (input: Input): Promise<void> => {
    if (busy) return;
    const found = check?.(input) ?? {};
    setProblems(found);
    setError(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await act(input);
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      const field = fieldOf?.(failure) ?? null;
      if (field !== null) setProblems({ [field]: errorWords(t, failure) });
      else if (failure.fields.length > 0)
        setProblems(Object.fromEntries(failure.fields.map((each) => [each.field, sentence(each.problem)])));
      else setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, problems, submit };
}

function sentence(problem: string): string {
  const words = problem.charAt(0).toUpperCase() + problem.slice(1);
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
