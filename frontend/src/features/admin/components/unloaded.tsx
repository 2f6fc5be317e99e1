// Something could not be loaded: why, and the way to ask once more.
import { ApiError } from '../../../shared/api/errors';
import { useSharedWords } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';

export function Unloaded({ words, error, onRetry }: { words: string; error: Error | null; onRetry(): void }) {
  const t = useSharedWords();
  return (
    <Note requestId={error instanceof ApiError ? error.requestId : null} act={<Button onClick={onRetry}>{t('tryAgain')}</Button>}>
      {words}
    </Note>
  );
}
