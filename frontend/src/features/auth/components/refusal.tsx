// A refusal that concerns the whole form, in the server's words or in better ones.
import type { ApiError } from '../../../shared/api/errors';
import { Note } from '../../../shared/ui/note';

export function Refusal({ error, words }: { error: ApiError; words?: string | null }) {
  return <Note requestId={words ? null : error.requestId}>{words ?? error.message}</Note>;
}
