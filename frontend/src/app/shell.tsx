// The frame of the inside: sidebar, top line with the lamp, and the address's own page.
import { useQuery } from '@tanstack/react-query';
import { Menu as MenuIcon, SquarePen } from 'lucide-react';
import { Suspense, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';

import { homeOf, type Home } from '../features/models/home';
import { catalogueQuery } from '../features/models/queries';
import { HomeLine } from '../features/models/components/home-line';
import type { ChatFrame } from '../routes/chat';
import { useReach } from '../shared/api/reach';
import { paths } from '../shared/config/paths';
import { useShownTitle } from '../shared/lib/page-title';
import { Drawer } from '../shared/ui/drawer';
import { IconButton } from '../shared/ui/icon-button';
import { AwayBanner } from './away-banner';
import { Pages } from './router';
import { Sidebar } from './sidebar';
import { useWords } from './words/use-words';

export function Shell() {
  const t = useWords();
  const [answering, setAnswering] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const { data: catalogue } = useQuery(catalogueQuery);
  const reach = useReach();
  const home: Home = reach === 'here' ? homeOf(catalogue, answering) : { lamp: 'out', words: t('away.heading') };
  const main = useRef<HTMLElement>(null);
  const closeDrawer = useCallback(() => setDrawer(false), []);
  const [path] = useLocation();
  // What is shown stays until the next page is there.
  const shown = useDeferredValue(path);
  const frame = useMemo<ChatFrame>(() => ({ onAnsweringChanged: setAnswering, lamp: home.lamp }), [home.lamp]);
  return (
    <div className="flex h-full">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {t('skip')}
      </button>
      <aside aria-label={t('sidebar.label')} className="hidden w-sidebar shrink-0 flex-col border-r border-line bg-panel desk:flex">
        <Sidebar lamp={home.lamp} onFollow={closeDrawer} />
      </aside>
      <Drawer open={drawer} onOpenChange={setDrawer} title={t('sidebar.label')}>
        <Sidebar lamp={home.lamp} onFollow={closeDrawer} onClose={closeDrawer} />
      </Drawer>
      <div className="flex min-w-0 flex-1 flex-col">
        <TopLine home={home} busy={shown !== path} onMenu={() => setDrawer(true)} />
        <AwayBanner />
        <main ref={main} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <Suspense>
            <Pages path={shown} frame={frame} />
          </Suspense>
        </main>
      </div>
    </div>
  );
}

function TopLine({ home, busy, onMenu }: { home: Home; busy: boolean; onMenu(): void }) {
  const t = useWords();
  const title = useShownTitle();
  const [, navigate] = useLocation();
  return (
    <header className="flex h-top-line shrink-0 items-center gap-2 px-2 desk:px-5" aria-busy={busy || undefined}>
      <IconButton label={t('sidebar.open')} className="desk:hidden" onClick={onMenu}>
        <MenuIcon size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
      <div className="flex min-w-0 flex-1 flex-col justify-center desk:flex-row desk:justify-between desk:items-center desk:gap-6">
        {title === '' ? <span /> : <h1 className="truncate font-strong">{title}</h1>}
        <HomeLine home={home} />
      </div>
      <IconButton label={t('sidebar.new')} className="desk:hidden" onClick={() => navigate(paths.newChat)}>
        <SquarePen size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
    </header>
  );
}
