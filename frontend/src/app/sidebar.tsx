// The sidebar: the mark, a new conversation, the list, and the person. The same on a desk and in a phone's drawer.
import { useQueryClient } from '@tanstack/react-query';
import { ChevronsUpDown, LogOut, Settings, ShieldCheck, SquarePen, X } from 'lucide-react';
import { Link, useLocation, useRoute } from 'wouter';

import { useSignedIn } from '../features/auth/session-context';
import { chatKeys } from '../features/chat/queries';
import { ConversationList } from '../features/conversations/components/conversation-list';
import { ApiError } from '../shared/api/errors';
import { paths } from '../shared/config/paths';
import { IconButton } from '../shared/ui/icon-button';
import { Lamp, type LampState } from '../shared/ui/lamp';
import { Menu, MenuItem, MenuLine } from '../shared/ui/menu';
import { useToast } from '../shared/ui/toast';
import { useWords } from './words/use-words';

export type SidebarProps = {
  lamp: LampState;
  onFollow(): void;
  /** Given where the sidebar is a drawer. */
  onClose?(): void;
};

export function Sidebar({ lamp, onFollow, onClose }: SidebarProps) {
  const t = useWords();
  const currentId = useRoute(paths.anyConversation)[1]?.id ?? null;
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  // The open conversation shows its title too.
  const onRenamed = (id: string): void => void queries.invalidateQueries({ queryKey: chatKeys.conversation(id) });
  const onDeleted = (id: string): void => {
    if (id === currentId) navigate(paths.newChat);
  };
  return (
    <>
      <div className="flex h-top-line shrink-0 items-center gap-3 px-5 text-read font-strong">
        <Lamp state={lamp} />
        <span className="flex-1">OmniAI</span>
        {onClose && (
          <IconButton label={t('sidebar.close')} className="-mr-3" onClick={onClose}>
            <X size={18} strokeWidth={1.6} aria-hidden />
          </IconButton>
        )}
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
      <nav aria-label={t('sidebar.conversations')} className="min-h-0 flex-1 overflow-y-auto">
        <ConversationList currentId={currentId} onFollow={onFollow} onRenamed={onRenamed} onDeleted={onDeleted} />
      </nav>
      <div className="shrink-0 border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        <Person onFollow={onFollow} />
      </div>
    </>
  );
}

function Person({ onFollow }: { onFollow(): void }) {
  const t = useWords();
  const { user, signOut } = useSignedIn();
  const [, navigate] = useLocation();
  const toast = useToast();
  const go = (path: string): void => {
    onFollow();
    navigate(path);
  };
  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({
        text: t('sidebar.notSignedOut'),
        action: { label: t('shared:tryAgain'), run: () => void leave() },
      });
    }
  };
  const trigger = (
    <button
      type="button"
      className="flex min-h-control w-full items-center gap-2 rounded-control px-3 text-left transition-colors hover:bg-hover data-[state=open]:bg-hover"
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
