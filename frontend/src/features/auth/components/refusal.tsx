// A refusal that concerns the whole form, in the server's words or in better ones.
import type { ApiError } from '../../../shared/api/errors';
import { waitWords } from '../../../shared/api/wait-words';
import { Note } from '../../../shared/ui/note';

export function Refusal({ error, words }: { error: ApiError; words?: string | null }) {
  const said = words ?? waitWords(error);
  return <Note requestId={said ? null : error.requestId}>{said ?? error.message}</Note>;
}
