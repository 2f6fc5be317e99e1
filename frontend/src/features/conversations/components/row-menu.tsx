// What can be done to one conversation, as a menu that opens as it is made.
import { Archive, ArchiveRestore, ListChecks, Pencil, Pin, PinOff, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';

import { Menu, MenuItem, MenuLine } from '../../../shared/ui/menu';
import type { Conversation } from '../lists';
import { useWords } from '../words/use-words';
import type { RowActs } from './row-acts';

export type RowMenuProps = { conversation: Conversation; acts: RowActs; trigger: ReactNode; onOpenChange(open: boolean): void };

export function RowMenu({ conversation: { id, pinned, archived }, acts, trigger, onOpenChange }: RowMenuProps) {
  const t = useWords();
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
      <MenuLine />
      <MenuItem icon={Trash2} danger onSelect={() => acts.remove([id])}>
        {t('acts.delete')}
      </MenuItem>
    </Menu>
  );
}
