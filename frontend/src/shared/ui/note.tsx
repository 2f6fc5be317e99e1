// News that stands in the page's flow: what happened, what to do, and the number to give to the person who runs OmniAI.
import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';

import { useSharedWords } from '../i18n/i18n';
import { classNames } from '../lib/class-names';

export type NoteProps = {
  tone?: 'failed' | 'info';
  children: ReactNode;
  requestId?: string | null;
  act?: ReactNode;
};

export function Note({ tone = 'failed', children, requestId = null, act }: NoteProps) {
  const t = useSharedWords();
  const Icon = tone === 'failed' ? CircleAlert : Info;
  return (
    <div
      role={tone === 'failed' ? 'alert' : undefined}
      className={classNames(
        'flex flex-wrap items-start gap-2.5 rounded-control px-3 py-2.5',
        tone === 'failed' ? 'bg-failed-wash' : 'bg-panel',
      )}
    >
      <span className={classNames('mt-px', tone === 'failed' ? 'text-failed' : 'text-info')}>
        <Icon size={18} strokeWidth={1.6} aria-hidden />
      </span>
      <div className="min-w-0 flex-1 wrap-anywhere">
        {children}
        {requestId && <p className="mt-0.5 text-meta text-muted">{t('requestId', { id: requestId })}</p>}
      </div>
      {act}
    </div>
  );
}
