// The sidebar's list: search and archive above, pages as one scrolls, what is chosen, what a search finds in the texts. Knows neither the chat nor the frame.
import { useCallback, useDeferredValue, useMemo, useState, type ReactNode } from 'react';

import { componentOf } from '../../../shared/lib/part-of';
import { useStable } from '../../../shared/lib/use-stable';
import type { Activity } from '../activity';
import { neighbour } from '../rows';
import { NOTHING } from '../selection';
import { useLists, type Lists } from '../use-lists';
import { useTextHits } from '../use-text-hits';
import { useWords } from '../words/use-words';
import { ConversationRow } from './conversation-row';
import { ListHead } from './list-head';
import { Empty, Failed, ListSkeleton } from './list-states';
import { RememberedContext } from './row-acts';
import { SelectionBar } from './selection-bar';
import { useListActs, type ListActs } from './use-list-acts';
import { useListKeys } from './use-list-keys';
import { VirtualList } from './virtual-list';

/** Who looks for nothing loads nothing of it. */
const FoundInTexts = componentOf(async () => (await import('./found-in-texts')).FoundInTexts);

export type ConversationListProps = {
  currentId: string | null;
  activity: Activity;
  /** Whether the person is remembered between conversations. */
  remembered: boolean;
  /** A row was followed: a drawer may close. */
  onFollow(): void;
  onRenamed(id: string): void;
  onDeleted(ids: readonly string[]): void;
};

export function ConversationList({ currentId, activity, remembered, ...heard }: ConversationListProps) {
  const [wanted, setWanted] = useState('');
  const [archived, setArchived] = useState(false);
  const q = useDeferredValue(wanted.trim());
  const lists = useLists(archived, q);
  const texts = useTextHits(archived, q);
  const listActs = useListActs({ lists, currentId, ...heard });
  const { acts, selection, setSelection } = listActs;
  const t = useWords();
  const showArchive = (shown: boolean): void => {
    setArchived(shown);
    setWanted('');
    setSelection(NOTHING);
  };
  const below = q !== '' && <FoundInTexts found={texts} currentId={currentId} onFollow={heard.onFollow} />;
  return (
    <nav aria-label={t(archived ? 'list.archiveLabel' : 'list.label')} className="flex min-h-0 flex-1 flex-col">
      <ListHead wanted={wanted} onWanted={setWanted} archived={archived} onArchived={showArchive} />
      {selection.ids.size > 0 && (
        <SelectionBar
          count={selection.ids.size}
          archived={archived}
          onArchive={() => acts.archive([...selection.ids], !archived)}
          onDelete={() => acts.remove([...selection.ids])}
          onClear={() => setSelection(NOTHING)}
        />
      )}
      {lists.state === 'pending' && <ListSkeleton />}
      {lists.state === 'failed' && <Failed onRetry={lists.retry} />}
      {lists.state === 'there' && lists.rows.length === 0 && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Empty archived={archived} q={q} />
          {below}
        </div>
      )}
      {lists.state === 'there' && lists.rows.length > 0 && (
        <RememberedContext value={remembered}>
          <Lines key={`${archived} ${q}`} lists={lists} listActs={listActs} currentId={currentId} activity={activity} below={below} />
        </RememberedContext>
      )}
    </nav>
  );
}

type LinesProps = { lists: Lists; listActs: ListActs; currentId: string | null; activity: Activity; below: ReactNode };

function Lines({ lists, listActs, currentId, activity, below }: LinesProps) {
  const { rows, order } = lists;
  const { acts, selection, setSelection, tabStop, focusOn, setFocusOn, renaming } = listActs;
  const { more } = useStable({ more: lists.more });
  const running = useMemo(() => new Set(activity.running), [activity.running]);
  const unread = useMemo(() => new Set(activity.unread), [activity.unread]);
  const onKeyDown = useListKeys({
    order,
    at: tabStop,
    selection,
    select: setSelection,
    go: (steps) => setFocusOn(neighbour(order, tabStop, steps)),
    rename: acts.startRename,
    remove: acts.remove,
  });
  return (
    <VirtualList
      rows={rows}
      tabStop={tabStop}
      focusOn={focusOn}
      onFocused={useCallback(() => setFocusOn(null), [setFocusOn])}
      onKeyDown={onKeyDown}
      onNearEnd={more}
      below={below}
    >
      {({ conversation, place, of }, at) => (
        <ConversationRow
          key={conversation.id}
          conversation={conversation}
          place={place}
          of={of}
          {...at}
          current={conversation.id === currentId}
          running={running.has(conversation.id)}
          unread={unread.has(conversation.id)}
          renaming={renaming === conversation.id}
          chosen={selection.ids.has(conversation.id)}
          choosing={selection.ids.size > 0}
          acts={acts}
        />
      )}
    </VirtualList>
  );
}
