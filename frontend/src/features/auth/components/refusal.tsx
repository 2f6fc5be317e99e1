// A refusal that concerns the whole form, in the page's words or in better ones.
import type { ApiError } from '../../../shared/api/errors';
import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords, waitWords } from '../../../shared/i18n/refusals';
import { Note } from '../../../shared/ui/note';

export function Refusal({ error, words }: { error: ApiError; words?: string | null }) {
  const t = useSharedWords();
  const said = words ?? waitWords(t, error);
  return <Note requestId={said ? null : error.requestId}>{said ?? errorWords(t, error)}</Note>;
}
