// One conversation on the page. Its neighbours (list, model picker, lamp) are strangers: the route introduces them.
import { useCallback, useState, type ReactNode } from 'react';

import './chat.css';
import './composer.css';
import './markdown.css';
import type { Conversation } from '../queries';
import type { Sampling } from '../stream/use-turn';
import { ChatSession } from './chat-session';
import type { OffersFor } from './offers';
import { MemoriesContext } from './thread-acts';
import { useNaming } from './use-naming';
import type { SessionProps } from './use-session';

/** What else on the page hears of turns. */
export type TurnNews = Pick<SessionProps, 'onTurnBegun' | 'onTurnEnded' | 'onTurnFailed' | 'onLeft' | 'onAnsweringChanged'>;

export type ChatViewProps = TurnNews & {
  /** Null for a new conversation. */
  conversationId: string | null;
  /** The conversation of the address; what is drawn may come after it. */
  addressId: string | null;
  /** The person's choice for a new conversation; null lets the server select. */
  choice: { provider: string; model: string } | null;
  /** Parameters of the person's wish, which go with every question. */
  sampling: Sampling;
  composerTools: ReactNode;
  emptyState: ReactNode;
  /** What a sign offers in the box; stable. Null for nothing. */
  offersFor: OffersFor | null;
  onConversationCreated(id: string): void;
  /** The model gave a conversation its title. */
  onNamed(conversation: Conversation): void;
  /** An answer's memories are wanted to be seen. Stable, as it reaches every answer. */
  onMemories?(ids: readonly string[]): void;
  /** Whose drafts these are, where several people use one browser. */
  draftOwner?: string;
};

/** `created`: the conversation that this view began, which is perhaps not drawn under its address yet; `addressed`: it has had that. */
type Session = { key: number; conversationId: string | null; created: string | null; addressed: boolean };

export function ChatView({
  conversationId,
  addressId,
  onConversationCreated,
  onNamed,
  onMemories,
  draftOwner = '',
  ...rest
}: ChatViewProps) {
  const [session, setSession] = useState<Session>({ key: 0, conversationId, created: null, addressed: false });
  // A new conversation that gets its address stays the view it is; any other change of address is another view.
  if (session.conversationId !== conversationId) {
    const same = conversationId !== null && session.created === conversationId;
    setSession({ key: same ? session.key : session.key + 1, conversationId, created: null, addressed: false });
  } else if (session.created !== null && addressId === session.created && !session.addressed) {
    setSession({ ...session, addressed: true });
  } else if (session.addressed && addressId === conversationId) {
    // Left for a new one before it was drawn under its own address.
    setSession({ key: session.key + 1, conversationId, created: null, addressed: false });
  }
  const onUnnamed = useNaming(onNamed);
  const onCreated = useCallback(
    (id: string) => {
      setSession((before) => ({ ...before, created: id }));
      onConversationCreated(id);
    },
    [onConversationCreated],
  );
  return (
    <MemoriesContext value={onMemories ?? null}>
      <ChatSession
        key={session.key}
        conversationId={session.created ?? conversationId}
        onCreated={onCreated}
        onUnnamed={onUnnamed}
        draftOwner={draftOwner}
        {...rest}
      />
    </MemoriesContext>
  );
}
