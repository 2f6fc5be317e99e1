// Everything that is one's own, handed out as a file.
import { saveFile } from '../../../shared/lib/save-file';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { exportEverything } from '../queries';
import { useWords } from '../words/use-words';

export function OwnData({ username }: { username: string }) {
  const t = useWords();
  const { busy, error, submit } = useSubmission<null>(async () => {
    saveFile(await exportEverything(), `omniai-${username}.zip`);
  });
  return (
    <div className="grid justify-items-start gap-3">
      <p>{t('data.words')}</p>
      <Button busy={busy} onClick={() => void submit(null)}>
        {t('data.export')}
      </Button>
      {error && <Note requestId={error.requestId}>{t('data.kept', { why: error.message })}</Note>}
    </div>
  );
}
