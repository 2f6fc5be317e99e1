// The sidebar: the mark, a new conversation, the list, and the person. The same on a desk and in a phone's drawer.
import { useQueryClient } from '@tanstack/react-query';
import { ChevronsUpDown, LogOut, Settings, ShieldCheck, SquarePen, type X } from 'lucide-react';
import { Link, useLocation } from 'wouter';

import { useSignedIn } from '../features/auth/session-context';
import { chatKeys } from '../features/chat/queries';
import type { Activity } from '../features/conversations/activity';
import { ConversationList } from '../features/conversations/components/conversation-list';
import { paths } from '../shared/config/paths';
import { IconButton } from '../shared/ui/icon-button';
import { Lamp, type LampState } from '../shared/ui/lamp';
import { Menu, MenuItem, MenuLine } from '../shared/ui/menu';
import { useLeave } from './use-leave';
import { useWords } from './words/use-words';

export type SidebarProps = {
  lamp: LampState;
  currentId: string | null;
  activity: Activity;
  onFollow(): void;
  hide: { icon: typeof X; label: string; run(): void };
};

export function Sidebar({ lamp, currentId, activity, onFollow, hide }: SidebarProps) {
  const t = useWords();
  const [, navigate] = useLocation();
  const { user } = useSignedIn();
  const queries = useQueryClient();
  // The open conversation shows its title too.
  const onRenamed = (id: string): void => void queries.invalidateQueries({ queryKey: chatKeys.conversation(id) });
  const onDeleted = (ids: readonly string[]): void => {
    if (currentId !== null && ids.includes(currentId)) navigate(paths.newChat);
  };
  return (
    <>
      <div className="flex h-top-line shrink-0 items-center gap-3 px-5 text-read font-strong">
        <Lamp state={lamp} />
        <span className="flex-1">OmniAI</span>
        <IconButton label={hide.label} keyName="sidebar" className="-me-3" onClick={hide.run}>
          <hide.icon size={18} strokeWidth={1.6} aria-hidden />
        </IconButton>
      </div>
      <div className="px-2 pb-3">
        <Link
          to={paths.newChat}
          onClick={onFollow}
          className="flex min-h-control items-center gap-2.5 rounded-control px-3 font-strong transition-colors hover:bg-hover active:bg-pressed"
        >
          <SquarePen size={18} strokeWidth={1.6} aria-hidden />
          {t('sidebar.new')}
        </Link>
      </div>
      <ConversationList
        currentId={currentId}
        activity={activity}
        remembered={user.preferences.memory_enabled}
        onFollow={onFollow}
        onRenamed={onRenamed}
        onDeleted={onDeleted}
      />
      <div className="shrink-0 border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        <Person onFollow={onFollow} />
      </div>
    </>
  );
}

function Person({ onFollow }: { onFollow(): void }) {
  const t = useWords();
  const { user } = useSignedIn();
  const [, navigate] = useLocation();
  const go = (path: string): void => {
    onFollow();
    navigate(path);
  };
  const leave = useLeave();
  const trigger = (
    <button
      type="button"
      className="flex min-h-control w-full items-center gap-2 rounded-control px-3 text-start transition-colors hover:bg-hover data-[state=open]:bg-hover"
    >
      <span className="min-w-0 flex-1 truncate">{user.display_name}</span>
      <ChevronsUpDown size={16} strokeWidth={1.6} aria-hidden className="text-muted" />
    </button>
  );
  return (
    <Menu trigger={trigger} side="top">
      <MenuItem icon={Settings} onSelect={() => go(paths.settings)}>
        {t('sidebar.settings')}
      </MenuItem>
      {user.role === 'admin' && (
        <MenuItem icon={ShieldCheck} onSelect={() => go(paths.admin)}>
          {t('sidebar.admin')}
        </MenuItem>
      )}
      <MenuLine />
      <MenuItem icon={LogOut} onSelect={() => void leave()}>
        {t('sidebar.signOut')}
      </MenuItem>
    </Menu>
  );
}
