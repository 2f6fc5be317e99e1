// Every key of the page with what it does.
import { Fragment } from 'react';

import { LIST_KEYS, PAGE_KEYS, type KeyName } from '../../shared/lib/keys';
import { Dialog } from '../../shared/ui/dialog';
import { KeyCaps } from '../../shared/ui/key-caps';
import { useWords } from './words/use-words';

const PARTS = { page: PAGE_KEYS, list: LIST_KEYS } as const satisfies Record<string, readonly KeyName[]>;

export function KeyList({ onClose }: { onClose(): void }) {
  const t = useWords();
  return (
    <Dialog open onOpenChange={onClose} title={t('keyList.heading')}>
      <div className="grid gap-5">
        {(['page', 'list'] as const).map((part) => (
          <section key={part} className="grid gap-2">
            <h3 className="text-meta text-muted">{t(`keyList.${part}`)}</h3>
            <dl className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-2">
              {PARTS[part].map((name) => (
                <Fragment key={name}>
                  <dt>{t(`keys.${name}`)}</dt>
                  <dd className="justify-self-end">
                    <KeyCaps name={name} />
                  </dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
