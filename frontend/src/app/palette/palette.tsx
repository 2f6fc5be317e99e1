// Goes to anything by some letters of it: a field with a list below it, as WAI-ARIA's combobox asks for.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';

import { useSignedIn } from '../../features/auth/session-context';
import { useHidden } from '../../features/conversations/deletions';
import { filterOf, itemsOf } from '../../features/conversations/lists';
import { listQuery } from '../../features/conversations/queries';
import { chatModels } from '../../features/models/home';
import { catalogueQuery, type ModelChoice } from '../../features/models/queries';
import { classNames } from '../../shared/lib/class-names';
import { isKey } from '../../shared/lib/keys';
import { heldKeys, ON_MAC, press } from '../../shared/lib/use-key';
import { KeyCaps } from '../../shared/ui/key-caps';
import { entriesFor, type Entry, type EntryGroup } from './entries';
import { useWords } from './words/use-words';

export type PaletteProps = { onModel: ((choice: ModelChoice) => void) | null; onSignOut(): void; onClose(): void };

export function Palette({ onModel, onSignOut, onClose }: PaletteProps) {
  const t = useWords();
  const [words, setWords] = useState('');
  const groups = useEntries(useDeferredValue(words.trim()), onModel !== null);
  const run = useRun({ onModel, onSignOut, onClose });
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Portal>
        <div className="veil z-40" />
        <Radix.Content
          aria-describedby={undefined}
          data-from="below"
          className="floating fixed inset-x-4 top-[12vh] z-40 mx-auto flex max-h-[70vh] max-w-140 flex-col overflow-hidden rounded-panel bg-raised shadow-lift"
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (document.activeElement === document.body && opener.current instanceof HTMLElement) opener.current.focus();
          }}
        >
          <Radix.Title className="sr-only">{t('label')}</Radix.Title>
          <Chooser words={words} onWords={setWords} groups={groups} onChosen={run} onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function useEntries(words: string, models: boolean): EntryGroup[] {
  const t = useWords();
  const { user } = useSignedIn();
  const hidden = useHidden();
  const { data: catalogue } = useQuery(catalogueQuery);
  const { data: pages } = useInfiniteQuery({
    ...listQuery({ ...filterOf(false, words), pinned: null }),
    placeholderData: (before) => before,
  });
  return entriesFor(t, words, {
    keys: heldKeys().filter((name) => name !== 'palette'),
    admin: user.role === 'admin',
    models: models && catalogue ? chatModels(catalogue) : [],
    conversations: itemsOf(pages).filter(({ id }) => !hidden.has(id)),
  });
}

function useRun({ onModel, onSignOut, onClose }: PaletteProps): (entry: Entry) => void {
  const [, navigate] = useLocation();
  return ({ run }) => {
    onClose();
    if (run.is === 'go') navigate(run.path);
    else if (run.is === 'model') onModel?.({ provider: run.model.provider, model: run.model.id });
    else if (run.is === 'signOut') onSignOut();
    // The palette has given the focus back by then.
    else requestAnimationFrame(() => void press(run.name));
  };
}

type ChooserProps = {
  words: string;
  onWords(words: string): void;
  groups: readonly EntryGroup[];
  onChosen(entry: Entry): void;
  onClose(): void;
};

function Chooser({ words, onWords, groups, onChosen, onClose }: ChooserProps) {
  const t = useWords();
  const listId = useId();
  const [wanted, setWanted] = useState<string | null>(null);
  const entries = groups.flatMap((group) => group.entries);
  const at = Math.max(
    0,
    entries.findIndex(({ id }) => id === wanted),
  );
  const current = entries[at];
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.nativeEvent.isComposing) return;
    if (step !== undefined) setWanted(entries[(at + step + entries.length) % entries.length]?.id ?? null);
    else if (event.key === 'Enter' && current) onChosen(current);
    else if (isKey(event.nativeEvent, 'palette', ON_MAC)) onClose();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="relative border-b border-line">
        <Search size={18} strokeWidth={1.6} aria-hidden className="absolute top-1/2 start-4 -translate-y-1/2 text-muted" />
        <input
          role="combobox"
          aria-label={t('label')}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={current && `${listId}-${at}`}
          aria-autocomplete="list"
          placeholder={t('placeholder')}
          value={words}
          onChange={(event) => {
            onWords(event.target.value);
            setWanted(null);
          }}
          onKeyDown={onKeyDown}
          className="min-h-12 w-full bg-transparent pe-4 ps-11 text-read outline-none"
        />
      </div>
      <Choices id={listId} groups={groups} entries={entries} current={current} onChosen={onChosen} />
      {entries.length === 0 && <p className="px-4 py-3 text-muted">{t('nothing')}</p>}
    </>
  );
}

type ChoicesProps = {
  id: string;
  groups: readonly EntryGroup[];
  entries: readonly Entry[];
  current: Entry | undefined;
  onChosen(entry: Entry): void;
};

function Choices({ id, groups, entries, current, onChosen }: ChoicesProps) {
  const t = useWords();
  return (
    <div id={id} role="listbox" aria-label={t('found')} className="min-h-0 overflow-y-auto p-1.5">
      {groups.map(({ label, entries: members }) => (
        <div key={label} role="group" aria-label={label}>
          <p aria-hidden className="px-2.5 pt-2 pb-1 text-meta text-muted">
            {label}
          </p>
          {members.map((entry) => (
            <Option key={entry.id} id={`${id}-${entries.indexOf(entry)}`} entry={entry} current={entry === current} onChosen={onChosen} />
          ))}
        </div>
      ))}
    </div>
  );
}

type OptionProps = { id: string; entry: Entry; current: boolean; onChosen(entry: Entry): void };

function Option({ id, entry, current, onChosen }: OptionProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current) place.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above has the keys
    <div
      ref={place}
      id={id}
      role="option"
      aria-selected={current}
      tabIndex={-1}
      onClick={() => onChosen(entry)}
      className={classNames(
        'flex min-h-control cursor-pointer items-center gap-4 rounded-control px-2.5 hover:bg-hover',
        current && 'bg-hover',
      )}
    >
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
      {entry.keyName && <KeyCaps name={entry.keyName} />}
    </div>
  );
}
