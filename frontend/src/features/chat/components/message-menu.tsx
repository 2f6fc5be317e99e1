// What else can be done with a message, as a menu that is made when it is asked for: there is one below every message.
import { CircleHelp, Ellipsis, GitBranch, Trash2 } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';

import { IconButton } from '../../../shared/ui/icon-button';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuOption } from '../../../shared/ui/menu';
import { changeMessage, endPathAt, type Message } from '../queries';
import type { Turn } from '../stream/reduce-turn';
import { useWords } from '../words/use-words';
import { useActs } from './thread-acts';
import { useChange } from './use-change';

const WhyDialog = lazy(async () => ({ default: (await import('./why-dialog')).WhyDialog }));
const DeletionDialog = lazy(async () => ({ default: (await import('./deletion-dialog')).DeletionDialog }));

/** `last`: nothing follows it on the shown branch. */
export type MessageMenuProps = { message: Message; live: Turn | null; last: boolean };

export function MessageMenu({ message, live, last }: MessageMenuProps) {
  const t = useWords();
  const [made, setMade] = useState(false);
  const [dialog, setDialog] = useState<'why' | 'deletion' | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef(dialog);
  useChange(dialog, () => {
    if (before.current !== null) button.current?.focus();
    before.current = dialog;
  });
  const close = () => setDialog(null);
  const trigger = (
    <IconButton ref={button} label={t('message.more')} aria-haspopup="menu" onClick={() => setMade(true)}>
      <Ellipsis size={18} strokeWidth={1.6} aria-hidden />
    </IconButton>
  );
  if (!made) return trigger;
  return (
    <>
      <Menu trigger={trigger} defaultOpen>
        {message.role === 'assistant' && <AnswerItems message={message} last={last} onWhy={() => setDialog('why')} />}
        <MenuItem icon={Trash2} danger onSelect={() => setDialog('deletion')}>
          {t('message.delete')}
        </MenuItem>
      </Menu>
      <Suspense>
        {dialog === 'why' && <WhyDialog message={message} live={live} onClose={close} />}
        {dialog === 'deletion' && <DeletionDialog message={message} onClose={close} />}
      </Suspense>
    </>
  );
}

function AnswerItems({ message, last, onWhy }: { message: Message; last: boolean; onWhy(): void }) {
  const t = useWords();
  const { change } = useActs();
  const { id, conversation_id: conversationId, feedback } = message;
  const rate = (wanted: string) => {
    const rating = wanted === feedback?.rating ? null : wanted === 'good' ? 'good' : 'bad';
    change?.(() => changeMessage(id, { feedback: { rating, note: feedback?.note ?? null } }));
  };
  return (
    <>
      <MenuItem icon={CircleHelp} onSelect={onWhy}>
        {t('message.why')}
      </MenuItem>
      {!last && change && (
        <MenuItem icon={GitBranch} onSelect={() => change(() => endPathAt(conversationId, id))}>
          {t('message.branch')}
        </MenuItem>
      )}
      <MenuLine />
      <MenuChoice value={feedback?.rating ?? ''} onChange={rate}>
        <MenuOption value="good">{t('message.good')}</MenuOption>
        <MenuOption value="bad">{t('message.bad')}</MenuOption>
      </MenuChoice>
      <MenuLine />
    </>
  );
}
