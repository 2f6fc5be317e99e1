// The frame of the administrators' pages: their way about, and the door to those who are none.
import type { ReactNode } from 'react';

import { AdminNav } from '../features/admin/components/admin-nav';
import { useWords } from '../features/admin/words/use-words';
import { useSignedIn } from '../features/auth/session-context';
import { usePageTitle } from '../shared/lib/page-title';
import { Missing } from '../shared/ui/missing';

export function AdminRoute({ children }: { children: ReactNode }) {
  const { user } = useSignedIn();
  return user.role === 'admin' ? <Pages>{children}</Pages> : <Closed />;
}

function Pages({ children }: { children: ReactNode }) {
  return (
    <>
      <AdminNav />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid w-full max-w-240 gap-8 px-5 pt-6 pb-16">{children}</div>
      </div>
    </>
  );
}

function Closed() {
  const t = useWords();
  usePageTitle(t('closed.title'), '');
  return <Missing heading={t('closed.heading')} words={t('closed.words')} />;
}
