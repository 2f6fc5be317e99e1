// Steps through the versions of a message: ‹ 1/2 ›.
import { ChevronLeft, ChevronRight } from 'lucide-react';

import { IconButton } from '../../../shared/ui/icon-button';
import type { Message } from '../queries';
import { useWords } from '../words/use-words';
import { useActs } from './thread-acts';

export function SiblingSwitcher({ message }: { message: Message }) {
  return message.sibling_count > 1 ? <Switcher message={message} /> : null;
}

function Switcher({ message }: { message: Message }) {
  const t = useWords();
  const { branch } = useActs();
  const { sibling_ids: ids, sibling_index: index, sibling_count: count } = message;
  const step = (to: number, label: string, act: string, Icon: typeof ChevronLeft) => {
    const id = ids[to];
    return (
      <IconButton label={label} data-act={act} disabled={branch === null || id === undefined} onClick={() => id && branch?.(id)}>
        <Icon size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
    );
  };
  return (
    <fieldset className="siblings" aria-label={t('versions.label')}>
      {step(index - 1, t('versions.earlier'), 'earlier', ChevronLeft)}
      <span aria-label={t('versions.place', { index: index + 1, count })}>
        {index + 1}/{count}
      </span>
      {step(index + 1, t('versions.later'), 'later', ChevronRight)}
    </fieldset>
  );
}
