// One conversation in the list: its title as a link, a dot while it is answered, rename in place, a menu.
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { Link } from 'wouter';

import { paths } from '../../../shared/config/paths';
import { classNames } from '../../../shared/lib/class-names';
import { IconButton } from '../../../shared/ui/icon-button';
import { Lamp } from '../../../shared/ui/lamp';
import { Menu, MenuItem } from '../../../shared/ui/menu';
import { useToast } from '../../../shared/ui/toast';
import { useChangeConversation, type Conversation } from '../queries';
import { useWords } from '../words/use-words';

const LONGEST_TITLE = 200;

export type ConversationRowProps = {
  conversation: Conversation;
  current: boolean;
  onFollow(): void;
  onRenamed(): void;
  onDelete(): void;
};

export function ConversationRow({ conversation, current, onFollow, onRenamed, onDelete }: ConversationRowProps) {
  const t = useWords();
  const [renaming, setRenaming] = useState(false);
  const { mutateAsync: change } = useChangeConversation();
  const toast = useToast();
  const { id, title, active_generation_id: running } = conversation;
  const endRename = (wanted: string | null): void => {
    setRenaming(false);
    if (wanted === null) return;
    void change({ id, changes: { title: wanted } }).then(onRenamed, () => {
      toast({ text: t('row.notRenamed') });
    });
  };
  if (renaming) return <Rename title={title} onEnd={endRename} />;
  return (
    <li
      className={classNames(
        'group relative flex items-center rounded-control transition-colors hover:bg-hover has-data-[state=open]:bg-hover',
        current && 'bg-pressed hover:bg-pressed',
      )}
    >
      <Link
        to={paths.conversation(id)}
        onClick={onFollow}
        aria-current={current ? 'page' : undefined}
        title={title}
        className="flex min-h-control min-w-0 flex-1 items-center gap-2.5 rounded-control px-3 group-hover:pr-10 group-has-focus-visible:pr-10 group-has-data-[state=open]:pr-10 pointer-coarse:pr-12"
      >
        {running !== null && (
          <>
            <Lamp state="breathing" />
            <span className="sr-only">{t('row.answering')}</span>
          </>
        )}
        <span className={classNames('truncate', current && 'font-strong')}>{title}</span>
      </Link>
      <div className="absolute right-0 opacity-0 group-hover:opacity-100 group-has-focus-visible:opacity-100 group-has-data-[state=open]:opacity-100 pointer-coarse:opacity-100">
        <Menu
          align="end"
          trigger={
            <IconButton label={t('row.menu', { title })} className="hover:bg-transparent active:bg-transparent">
              <Ellipsis size={18} strokeWidth={1.6} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem icon={Pencil} onSelect={() => setRenaming(true)}>
            {t('row.rename')}
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={onDelete}>
            {t('row.delete')}
          </MenuItem>
        </Menu>
      </div>
    </li>
  );
}

/** Enter and leaving the line keep the new title, Esc keeps the old one. */
function Rename({ title, onEnd }: { title: string; onEnd(wanted: string | null): void }) {
  const t = useWords();
  const [text, setText] = useState(title);
  const ended = useRef(false);
  const end = (keep: boolean): void => {
    if (ended.current) return;
    ended.current = true;
    const wanted = text.trim();
    onEnd(keep && wanted !== '' && wanted !== title ? wanted : null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') end(true);
    if (event.key === 'Escape') end(false);
  };
  return (
    <li>
      <input
        // The menu gives the focus back to its button when it closes; the line takes it after that.
        ref={focusLater}
        aria-label={t('row.title')}
        value={text}
        maxLength={LONGEST_TITLE}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => end(true)}
        className="min-h-control w-full rounded-control border border-edge bg-raised px-2.75 focus-visible:outline-offset-0"
      />
    </li>
  );
}

function focusLater(input: HTMLInputElement | null): (() => void) | undefined {
  if (input === null) return undefined;
  const frame = requestAnimationFrame(() => input.select());
  return () => cancelAnimationFrame(frame);
}
