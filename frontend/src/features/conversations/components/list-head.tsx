// Above the list: what to look for, and which of the two lists is shown.
import { Archive, ArrowLeft, Search } from 'lucide-react';

import { IconButton } from '../../../shared/ui/icon-button';
import { useWords } from '../words/use-words';

/** The longest that the server looks for in titles. */
const LONGEST = 200;

export type ListHeadProps = { wanted: string; onWanted(wanted: string): void; archived: boolean; onArchived(archived: boolean): void };

export function ListHead({ wanted, onWanted, archived, onArchived }: ListHeadProps) {
  const t = useWords();
  const search = t(archived ? 'head.searchArchive' : 'head.search');
  return (
    <div className="flex shrink-0 items-center gap-1 px-2 pb-2">
      {archived && (
        <IconButton label={t('head.back')} onClick={() => onArchived(false)}>
          <ArrowLeft size={18} strokeWidth={1.6} aria-hidden />
        </IconButton>
      )}
      <label className="relative min-w-0 flex-1">
        <Search
          size={16}
          strokeWidth={1.6}
          aria-hidden
          className="pointer-events-none absolute top-1/2 start-3 -translate-y-1/2 text-muted"
        />
        <input
          type="search"
          aria-label={search}
          placeholder={search}
          value={wanted}
          maxLength={LONGEST}
          onChange={(event) => onWanted(event.target.value)}
          className="min-h-control w-full rounded-control border border-line bg-paper pe-2 ps-9"
        />
      </label>
      {!archived && (
        <IconButton label={t('head.archive')} onClick={() => onArchived(true)}>
          <Archive size={18} strokeWidth={1.6} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
