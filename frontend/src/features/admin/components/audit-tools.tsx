// Proves the log, and hands it out as a file.
import { useState } from 'react';

import { saveFile } from '../../../shared/lib/save-file';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { verdictWords } from '../audit-words';
import { exportAudit, verifyAudit, type AuditFormat, type AuditVerdict } from '../queries';
import { useRefusalWords } from '../refusal-words';
import { useWords } from '../words/use-words';

export function AuditTools({ onExported }: { onExported(): void }) {
  const t = useWords();
  const refusalWords = useRefusalWords();
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
          {t('audit.check')}
        </Button>
        <Button busy={fetching.busy} onClick={() => void fetching.submit('csv')}>
          {t('audit.exportCsv')}
        </Button>
        <Button busy={fetching.busy} onClick={() => void fetching.submit('jsonl')}>
          {t('audit.exportLines')}
        </Button>
      </div>
      <div role="status">{verdict?.ok && !check.busy && <Note tone="info">{verdictWords(t, verdict)}</Note>}</div>
      {verdict?.ok === false && !check.busy && <Note>{verdictWords(t, verdict)}</Note>}
      {check.error && <Note requestId={check.error.requestId}>{t('audit.notChecked', { why: refusalWords(check.error) })}</Note>}
      {fetching.error && <Note requestId={fetching.error.requestId}>{t('audit.notExported', { why: refusalWords(fetching.error) })}</Note>}
    </div>
  );
}
