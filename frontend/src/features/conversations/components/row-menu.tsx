// What can be done to one conversation, as a menu that opens as it is made.
import { useQuery } from '@tanstack/react-query';
import { Archive, ArchiveRestore, CirclePause, CirclePlay, ListChecks, Pencil, Pin, PinOff, Trash2 } from 'lucide-react';
import { useContext, type ReactNode } from 'react';

import { Menu, MenuItem, MenuLine } from '../../../shared/ui/menu';
import type { Conversation } from '../lists';
import { memoryUseQuery } from '../queries';
import { useWords } from '../words/use-words';
import { RememberedContext, type RowActs } from './row-acts';

export type RowMenuProps = { conversation: Conversation; acts: RowActs; trigger: ReactNode; onOpenChange(open: boolean): void };

export function RowMenu({ conversation: { id, pinned, archived }, acts, trigger, onOpenChange }: RowMenuProps) {
  const t = useWords();
  const remembered = useContext(RememberedContext);
  return (
    <Menu align="end" trigger={trigger} defaultOpen onOpenChange={onOpenChange}>
      {!archived && (
        <MenuItem icon={pinned ? PinOff : Pin} onSelect={() => acts.pin([id], !pinned)}>
          {t(pinned ? 'acts.unpin' : 'acts.pin')}
        </MenuItem>
      )}
      <MenuItem icon={Pencil} onSelect={() => acts.startRename(id)}>
        {t('acts.rename')}
      </MenuItem>
      <MenuItem icon={archived ? ArchiveRestore : Archive} onSelect={() => acts.archive([id], !archived)}>
        {t(archived ? 'acts.unarchive' : 'acts.archive')}
      </MenuItem>
      <MenuItem icon={ListChecks} onSelect={() => acts.select(id)}>
        {t('acts.select')}
      </MenuItem>
      {remembered && <MemoryItem id={id} acts={acts} />}
      <MenuLine />
      <MenuItem icon={Trash2} danger onSelect={() => acts.remove([id])}>
        {t('acts.delete')}
      </MenuItem>
    </Menu>
  );
}

function MemoryItem({ id, acts }: { id: string; acts: RowActs }) {
  const t = useWords();
  const { data, isFetching } = useQuery(memoryUseQuery(id));
  const used = data ?? true;
  return (
    <MenuItem
      icon={used ? CirclePause : CirclePlay}
      disabled={isFetching || data === undefined}
      onSelect={() => acts.remember([id], !used)}
    >
      {t(used ? 'acts.pauseMemory' : 'acts.useMemory')}
    </MenuItem>
  );
}
