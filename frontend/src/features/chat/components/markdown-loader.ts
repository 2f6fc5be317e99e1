// The Markdown renderer is a third of the chat's weight, and a new conversation has nothing to render: it comes when needed. Without it
// the text stands as it was written.
import { partOf } from '../../../shared/lib/part-of';

export const useMarkdown = partOf(async () => (await import('./markdown')).Markdown);
