// Something could not be loaded: why, and the way to ask once more.
import { ApiError } from '../../../shared/api/errors';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';

export function Unloaded({ what, error, onRetry }: { what: string; error: Error | null; onRetry(): void }) {
  return (
    <Note requestId={error instanceof ApiError ? error.requestId : null} act={<Button onClick={onRetry}>Try again</Button>}>
      {what} could not be loaded.
    </Note>
  );
}
