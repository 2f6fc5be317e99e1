// Proves the log, and hands it out as a file.
import { useState } from 'react';

import { saveFile } from '../../../shared/lib/save-file';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { verdictWords } from '../audit-words';
import { exportAudit, verifyAudit, type AuditFormat, type AuditVerdict } from '../queries';

export function AuditTools({ onExported }: { onExported(): void }) {
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const check = useSubmission<null>(async () => {
    setVerdict(null);
    setVerdict(await verifyAudit());
  });
  const fetching = useSubmission<AuditFormat>(async (format) => {
    saveFile(await exportAudit(format), `omniai-audit.${format}`);
    onExported();
  });
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button busy={check.busy} onClick={() => void check.submit(null)}>
          Check the log
        </Button>
        <Button busy={fetching.busy} onClick={() => void fetching.submit('csv')}>
          Export as CSV
        </Button>
        <Button busy={fetching.busy} onClick={() => void fetching.submit('jsonl')}>
          Export as JSON lines
        </Button>
      </div>
      <div role="status">{verdict?.ok && !check.busy && <Note tone="info">{verdictWords(verdict)}</Note>}</div>
      {verdict?.ok === false && !check.busy && <Note>{verdictWords(verdict)}</Note>}
      {check.error && <Note requestId={check.error.requestId}>{check.error.message} The log was not checked.</Note>}
      {fetching.error && <Note requestId={fetching.error.requestId}>{fetching.error.message} Nothing was exported.</Note>}
    </div>
  );
}
