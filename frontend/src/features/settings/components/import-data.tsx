// What one brings from elsewhere: chosen, looked through, taken in, with what became of each conversation.
import { useRef } from 'react';

import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import type { Import } from '../queries';
import { useImport, type Importing } from '../use-import';
import { useWords } from '../words/use-words';

export function ImportData({ onImported }: { onImported(): void }) {
  const t = useWords();
  const input = useRef<HTMLInputElement>(null);
  const importing = useImport(onImported);
  const { step, sending } = importing;
  const running = step === 'looking' || step === 'importing';
  return (
    <div className="grid justify-items-start gap-3">
      <p>{t('import.words')}</p>
      <input
        ref={input}
        type="file"
        accept=".zip,.json,application/zip,application/json"
        aria-label={t('import.file')}
        className="sr-only"
        tabIndex={-1}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void sending.submit({ file, dryRun: true });
          // The same file chosen again is a choice too.
          target.value = '';
        }}
      />
      {step !== 'looked' && (
        <Button busy={running} onClick={() => input.current?.click()}>
          {t('import.choose')}
        </Button>
      )}
      {sending.error && <Note requestId={sending.error.requestId}>{t('import.kept', { why: sending.error.message })}</Note>}
      <Standing importing={importing} />
    </div>
  );
}

function Standing({ importing: { step, file, job, sending, leave } }: { importing: Importing }) {
  const t = useWords();
  const name = file?.name ?? '';
  if (step === 'none') return null;
  if (step === 'looking' || step === 'importing')
    return (
      <p role="status" className="text-muted">
        {t(step === 'looking' ? 'import.looking' : 'import.importing', { name, count: job?.total ?? 0 })}
      </p>
    );
  if (job === null) return null;
  return (
    <div className="grid w-full justify-items-start gap-3">
      <p role="status">{summary(t, step, job)}</p>
      <Failures job={job} />
      {step === 'looked' && (
        <div className="flex flex-wrap gap-2">
          {job.imported > 0 && file && (
            <Button weight="primary" onClick={() => void sending.submit({ file, dryRun: false })}>
              {t('import.act', { count: job.imported })}
            </Button>
          )}
          <Button onClick={leave}>{t('import.leave')}</Button>
        </div>
      )}
    </div>
  );
}

function summary(t: ReturnType<typeof useWords>, step: Importing['step'], { imported, skipped, failed }: Import): string {
  const parts = [
    t(step === 'looked' ? 'import.fresh' : 'import.done', { count: imported }),
    skipped > 0 && t('import.there', { count: skipped }),
    failed > 0 && t('import.failed', { count: failed }),
  ];
  return parts.filter(Boolean).join(' ');
}

function Failures({ job }: { job: Import }) {
  const failed = job.report.filter(({ result }) => result === 'failed');
  if (failed.length === 0) return null;
  return (
    <ul className="grid max-h-64 w-full gap-2 overflow-y-auto rounded-control border border-line px-3 py-2.5">
      {failed.map(({ source_id: id, title, reason }, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- a report only grows at its end
        <li key={`${id} ${place}`} className="wrap-anywhere">
          {title} <span className="text-muted">{reason}</span>
        </li>
      ))}
    </ul>
  );
}
