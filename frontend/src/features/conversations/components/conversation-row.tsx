// One conversation in the list: its title as a link, dots for what goes on in it, rename in place, a menu.
import { Check } from 'lucide-react';
import { memo, useState } from 'react';
import { Link } from 'wouter';

import { paths } from '../../../shared/config/paths';
import { classNames } from '../../../shared/lib/class-names';
import { IconButton } from '../../../shared/ui/icon-button';
import { Lamp } from '../../../shared/ui/lamp';
import type { Conversation } from '../lists';
import { useWords } from '../words/use-words';
import { Rename } from './rename';
import type { RowActs } from './row-acts';
import { RowMenu } from './row-menu';
import type { Place } from './virtual-list';

export type ConversationRowProps = Place & {
  conversation: Conversation;
  place: number;
  of: number;
  current: boolean;
  running: boolean;
  unread: boolean;
  renaming: boolean;
  chosen: boolean;
  /** Several are being chosen: a press chooses too. */
  choosing: boolean;
  acts: RowActs;
};

export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { conversation, place, of, start, height, current, renaming, chosen, acts } = props;
  const { id, title } = conversation;
  return (
    <li
      data-line={id}
      aria-setsize={of}
      aria-posinset={place}
      style={{ height, transform: `translateY(${start}px)` }}
      className={classNames(
        'group absolute inset-x-2 top-0 flex items-center rounded-control hover:bg-hover',
        current && 'bg-pressed hover:bg-pressed',
        chosen && 'bg-lamp-wash hover:bg-lamp-wash',
      )}
    >
      {renaming ? <Rename title={title} onEnd={(wanted) => acts.endRename(id, wanted)} /> : <Shown {...props} />}
    </li>
  );
});

function Shown({ conversation, tabbable, current, running, unread, chosen, choosing, acts }: ConversationRowProps) {
  const { id, title } = conversation;
  const t = useWords();
  const [menu, setMenu] = useState<'unmade' | 'open' | 'closed'>('unmade');
  const button = (
    <IconButton
      label={t('row.menu', { title })}
      aria-haspopup="menu"
      tabIndex={tabbable ? 0 : -1}
      className={classNames(
        'absolute end-0 font-strong opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-transparent active:bg-transparent pointer-coarse:opacity-100',
        menu === 'open' && 'opacity-100',
      )}
      onClick={() => setMenu('open')}
    >
      {/* No icon: its elements would be half of all that pass by while one scrolls. */}
      ···
    </IconButton>
  );
  return (
    <>
      <Link
        to={paths.conversation(id)}
        // Before the router's own handler, which leaves a press with a key held to the browser without asking.
        onClickCapture={(event) => acts.press(event, id)}
        onFocus={() => acts.focused(id)}
        tabIndex={tabbable ? 0 : -1}
        aria-current={current ? 'page' : undefined}
        title={title}
        className={classNames(
          'flex min-h-control min-w-0 flex-1 items-center gap-2.5 rounded-control ps-3 group-focus-within:pe-10 group-hover:pe-10 pointer-coarse:pe-12',
          menu === 'open' ? 'pe-10' : 'pe-3',
        )}
      >
        <Line title={title} current={current} running={running} unread={unread} chosen={chosen} choosing={choosing} />
      </Link>
      {/* Thousands of lines pass by for each whose menu is opened: it is made when it is asked for. */}
      {menu === 'unmade' ? (
        button
      ) : (
        <RowMenu conversation={conversation} acts={acts} trigger={button} onOpenChange={(open) => setMenu(open ? 'open' : 'closed')} />
      )}
    </>
  );
}

type LineProps = Pick<ConversationRowProps, 'current' | 'running' | 'unread' | 'chosen' | 'choosing'> & { title: string };

function Line({ title, current, running, unread, chosen, choosing }: LineProps) {
  const t = useWords();
  return (
    <>
      {choosing && <Mark chosen={chosen} />}
      {chosen && <span className="sr-only">{t('row.selected')}</span>}
      {running && (
        <>
          <Lamp state="breathing" />
          <span className="sr-only">{t('row.answering')}</span>
        </>
      )}
      <span className={classNames('min-w-0 flex-1 truncate', (current || unread) && 'font-strong')}>{title}</span>
      {unread && (
        <>
          <span className="sr-only">{t('row.unread')}</span>
          <span className="size-2 shrink-0 rounded-full bg-accent group-hover:hidden" aria-hidden />
        </>
      )}
    </>
  );
}

function Mark({ chosen }: { chosen: boolean }) {
  return (
    <span
      aria-hidden
      className={classNames(
        'grid size-4 shrink-0 place-items-center rounded-[0.25rem] border',
        chosen ? 'border-ink bg-ink text-paper' : 'border-edge',
      )}
    >
      {chosen && <Check size={12} strokeWidth={2.4} />}
    </span>
  );
}
