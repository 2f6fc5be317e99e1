// One's own things in the settings, of whatever kind: each with what is in it, made, said otherwise, deleted and brought back.
import { useState, type ComponentType } from 'react';

import { ApiError } from '../../../shared/api/errors';
import type { User } from '../../../shared/api/preferences';
import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Note } from '../../../shared/ui/note';
import { useToast } from '../../../shared/ui/toast';
import type { Kept } from '../kept';
import type { Shelf } from '../queries';
import { useWords } from '../words/use-words';

export type FormProps<Item> = {
  /** Null for a new one. */
  item: Item | null;
  others: readonly Item[];
  onSaved(user: User): void;
  onLeft(): void;
};

export type KeptSectionProps<Item extends Kept> = {
  items: readonly Item[];
  shelf: Shelf<Item>;
  words: { about: string; none: string; add: string; list: string };
  summary(item: Item): string;
  Form: ComponentType<FormProps<Item>>;
  onSaved(user: User): void;
};

const NEW = 'new';

export function KeptSection<Item extends Kept>({ items, shelf, words, summary, Form, onSaved }: KeptSectionProps<Item>) {
  /** Whose lines are open: the id of one, or a new one's. */
  const [open, setOpen] = useState<string | null>(null);
  const saved = (changed: User): void => {
    setOpen(null);
    onSaved(changed);
  };
  const lines = (item: Item | null) => (
    <Form item={item} others={items.filter(({ id }) => id !== item?.id)} onSaved={saved} onLeft={() => setOpen(null)} />
  );
  return (
    <div className="grid gap-4">
      <p>{words.about}</p>
      {items.length === 0 && open === null && <p className="text-muted">{words.none}</p>}
      {items.length > 0 && (
        <ul aria-label={words.list} className="grid divide-y divide-line border-y border-line">
          {items.map((item) => (
            <li key={item.id} className="py-3">
              {open === item.id ? (
                lines(item)
              ) : (
                <Shown item={item} shelf={shelf} summary={summary(item)} onEdit={() => setOpen(item.id)} onSaved={onSaved} />
              )}
            </li>
          ))}
        </ul>
      )}
      {open === NEW ? (
        lines(null)
      ) : (
        <div>
          <Button onClick={() => setOpen(NEW)}>{words.add}</Button>
        </div>
      )}
    </div>
  );
}

type ShownProps<Item extends Kept> = {
  item: Item;
  shelf: Shelf<Item>;
  summary: string;
  onEdit(): void;
  onSaved(user: User): void;
};

function Shown<Item extends Kept>({ item, shelf, summary, onEdit, onSaved }: ShownProps<Item>) {
  const t = useWords();
  const shared = useSharedWords();
  const toast = useToast();
  const { name } = item;
  const { busy, error, submit } = useSubmission<null>(async () => {
    onSaved(await shelf.drop(item.id));
    const bringBack = (): void => {
      shelf.save(item).then(onSaved, (problem: unknown) => {
        if (!(problem instanceof ApiError)) throw problem;
        toast({ text: t('lost', { name, why: errorWords(shared, problem) }) });
      });
    };
    toast({ text: t('removed', { name }), action: { label: t('undo'), run: bringBack } });
  });
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-strong wrap-anywhere">{name}</p>
          <p className="text-meta text-muted tabular-nums wrap-anywhere">{summary}</p>
        </div>
        <div className="-ms-3.5 flex sm:ms-0">
          <Button weight="plain" aria-label={t('editOf', { name })} onClick={onEdit}>
            {t('edit')}
          </Button>
          <Button weight="plain" busy={busy} aria-label={t('removeOf', { name })} onClick={() => void submit(null)}>
            {t('remove')}
          </Button>
        </div>
      </div>
      {error && <Note requestId={error.requestId}>{t('unsaved', { why: errorWords(shared, error) })}</Note>}
    </div>
  );
}

const SHOWN_CHARS = 120;

export function short(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS).trimEnd()} …` : text;
}
