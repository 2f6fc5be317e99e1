// The frame of the inside: sidebar, top line with the lamp, and the address's own page.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Menu as MenuIcon, PanelLeft, SquarePen, X } from 'lucide-react';
import { Suspense, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useLocation, useRoute } from 'wouter';

import { useSignedIn } from '../features/auth/session-context';
import { chatKeys } from '../features/chat/queries';
import type { Conversation } from '../features/conversations/lists';
import { refreshLists } from '../features/conversations/queries';
import { useActivity } from '../features/conversations/use-activity';
import { useDeletion } from '../features/conversations/use-deletion';
import { homeOf, type Home } from '../features/models/home';
import { catalogueQuery } from '../features/models/queries';
import { HomeLine } from '../features/models/components/home-line';
import type { ChatFrame, ModelChooser } from '../routes/chat';
import { useReach } from '../shared/api/reach';
import { paths } from '../shared/config/paths';
import { useShownTitle } from '../shared/lib/page-title';
import { readStored, store } from '../shared/lib/storage';
import { useKey } from '../shared/lib/use-key';
import { Drawer } from '../shared/ui/drawer';
import { IconButton } from '../shared/ui/icon-button';
import { AwayBanner } from './away-banner';
import { useOtherTabs } from './other-tabs';
import { Overlays } from './palette/overlays';
import { Pages } from './router';
import { Sidebar } from './sidebar';
import { useLeave } from './use-leave';
import { useWords } from './words/use-words';

const HIDDEN = 'omniai.sidebar-hidden';
/** As `desk:` in the style sheet. */
const ROOM = '(width >= 56rem)';

export function Shell() {
  const t = useWords();
  const [answering, setAnswering] = useState<{ id: string | null } | null>(null);
  const sidebar = useSidebar();
  const { user } = useSignedIn();
  const currentId = useRoute(paths.anyConversation)[1]?.id ?? null;
  const activity = useActivity(user.id, currentId, answering?.id ?? null);
  const { data: catalogue } = useQuery(catalogueQuery);
  const reach = useReach();
  const home: Home = reach === 'here' ? homeOf(catalogue, answering !== null) : { lamp: 'out', words: t('away.heading') };
  const main = useRef<HTMLElement>(null);
  const [path] = useLocation();
  // What is shown stays until the next page is there.
  const pagePath = useDeferredValue(path);
  const [chooser, setChooser] = useState<ModelChooser | null>(null);
  const leave = useLeave();
  const onOpened = useEndOfTemporary();
  const onTurn = useTurnsElsewhere(user.id);
  const frame = useMemo<ChatFrame>(
    () => ({
      onAnsweringChanged: (now, id) => setAnswering(now ? { id } : null),
      onChooser: setChooser,
      onOpened,
      onTurn,
      lamp: home.lamp,
    }),
    [home.lamp, onOpened, onTurn],
  );
  const shown = { lamp: home.lamp, currentId, activity };
  return (
    <div className="flex h-full">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {t('skip')}
      </button>
      {!sidebar.hidden && (
        <aside aria-label={t('sidebar.label')} className="hidden w-sidebar shrink-0 flex-col border-e border-line bg-panel desk:flex">
          <Sidebar {...shown} onFollow={sidebar.closeDrawer} hide={{ icon: PanelLeft, label: t('sidebar.hide'), run: sidebar.toggle }} />
        </aside>
      )}
      <Drawer open={sidebar.drawer} onOpenChange={sidebar.setDrawer} title={t('sidebar.label')}>
        <Sidebar {...shown} onFollow={sidebar.closeDrawer} hide={{ icon: X, label: t('sidebar.close'), run: sidebar.closeDrawer }} />
      </Drawer>
      <div className="flex min-w-0 flex-1 flex-col">
        <TopLine home={home} busy={pagePath !== path} sidebarHidden={sidebar.hidden} onMenu={sidebar.toggle} />
        <AwayBanner />
        <main ref={main} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <Suspense>
            <Pages path={pagePath} frame={frame} />
          </Suspense>
        </main>
      </div>
      <Overlays onModel={chooser?.choose ?? null} onSignOut={() => void leave()} />
    </div>
  );
}

/** Whoever opens another conversation ends the temporary one, and can have it back for a while. */
function useEndOfTemporary(): ChatFrame['onOpened'] {
  const [, navigate] = useLocation();
  const deletion = useDeletion();
  const open = useRef<Conversation | null>(null);
  return useCallback<ChatFrame['onOpened']>(
    (id, conversation) => {
      const left = open.current;
      open.current = conversation?.temporary === true ? conversation : null;
      if (left !== null && left.id !== id) deletion([left], () => navigate(paths.conversation(left.id)));
    },
    [deletion, navigate],
  );
}

/** What another tab of this browser began or ended is looked at here too, when somebody sees it. */
function useTurnsElsewhere(owner: string): ChatFrame['onTurn'] {
  const queries = useQueryClient();
  const onTold = useCallback(
    (id: string) => {
      // One that is hidden asks when it is seen.
      if (document.hidden) return;
      void refreshLists(queries);
      void queries.invalidateQueries({ queryKey: chatKeys.of(id) });
    },
    [queries],
  );
  return useOtherTabs(owner, onTold);
}

/** Beside the page where there is room for it, over it as a drawer where there is not. */
function useSidebar() {
  const [drawer, setDrawer] = useState(false);
  const [hidden, setHidden] = useState(() => readStored(HIDDEN) !== null);
  const closeDrawer = useCallback(() => setDrawer(false), []);
  const toggle = (): void => {
    if (!window.matchMedia(ROOM).matches) return setDrawer(!drawer);
    store(HIDDEN, hidden ? null : 'yes');
    setHidden(!hidden);
  };
  useKey('sidebar', toggle);
  return { drawer, setDrawer, closeDrawer, hidden, toggle };
}

type TopLineProps = { home: Home; busy: boolean; sidebarHidden: boolean; onMenu(): void };

function TopLine({ home, busy, sidebarHidden, onMenu }: TopLineProps) {
  const t = useWords();
  const title = useShownTitle();
  const [, navigate] = useLocation();
  useKey('newConversation', () => navigate(paths.newChat));
  return (
    <header className="flex h-top-line shrink-0 items-center gap-2 px-2 desk:px-5" aria-busy={busy || undefined}>
      <IconButton label={t('sidebar.open')} keyName="sidebar" className={sidebarHidden ? '' : 'desk:hidden'} onClick={onMenu}>
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
