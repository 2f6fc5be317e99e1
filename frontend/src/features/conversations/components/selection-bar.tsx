// How many conversations are chosen, and what can be done to all of them.
import { Archive, ArchiveRestore, Trash2, X } from 'lucide-react';

import { IconButton } from '../../../shared/ui/icon-button';
import { useWords } from '../words/use-words';

export type SelectionBarProps = { count: number; archived: boolean; onArchive(): void; onDelete(): void; onClear(): void };

export function SelectionBar({ count, archived, onArchive, onDelete, onClear }: SelectionBarProps) {
  const t = useWords();
  const Icon = archived ? ArchiveRestore : Archive;
  return (
    <div role="toolbar" aria-label={t('selection.label')} className="flex items-center ps-5 pe-2 pb-1">
      <p role="status" className="min-w-0 flex-1 truncate font-strong">
        {t('selection.count', { count })}
      </p>
      <IconButton label={t(archived ? 'acts.unarchive' : 'acts.archive')} onClick={onArchive}>
        <Icon size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
      <IconButton label={t('acts.delete')} onClick={onDelete}>
        <Trash2 size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
      <IconButton label={t('selection.clear')} onClick={onClear}>
        <X size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
    </div>
  );
}
