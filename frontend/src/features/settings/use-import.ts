// A file that somebody brings: looked through first, taken in when they say so, each followed to its end.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';

import { useSubmission, type Submission } from '../../shared/lib/use-submission';
import { beginImport, importQuery, underWay, type Import } from './queries';

export type ImportStep = 'none' | 'looking' | 'looked' | 'importing' | 'imported';

export type Importing = {
  step: ImportStep;
  file: File | null;
  /** As far as it has come; null until the server has the file. */
  job: Import | null;
  sending: Submission<{ file: File; dryRun: boolean }>;
  leave(): void;
};

/** `onImported` hears of conversations that have come. */
export function useImport(onImported: () => void): Importing {
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [begun, setBegun] = useState<{ id: string; dryRun: boolean } | null>(null);
  const { data: job = null } = useQuery({
    ...importQuery(begun?.id ?? ''),
    enabled: begun !== null,
  });
  const brought = job !== null && !job.dry_run && !underWay(job) && job.imported > 0;
  const tell = useEffectEvent(onImported);
  useEffect(() => {
    if (brought) tell();
  }, [brought]);
  const sending = useSubmission(async ({ file: chosen, dryRun }: { file: File; dryRun: boolean }) => {
    setFile(chosen);
    if (dryRun) setBegun(null);
    const made = await beginImport(chosen, dryRun);
    queries.setQueryData(importQuery(made.id).queryKey, made);
    setBegun({ id: made.id, dryRun });
  });
  const leave = (): void => {
    setFile(null);
    setBegun(null);
  };
  return { step: stepOf(sending.busy, begun, job), file, job, sending, leave };
}

function stepOf(busy: boolean, begun: { dryRun: boolean } | null, job: Import | null): ImportStep {
  if (busy) return begun === null ? 'looking' : 'importing';
  if (begun === null) return 'none';
  const ended = job?.state === 'done' || job?.state === 'failed';
  if (begun.dryRun) return ended ? 'looked' : 'looking';
  return ended ? 'imported' : 'importing';
}
