// Signs out, once what was to be deleted is on its way.
import { useSignedIn } from '../features/auth/session-context';
import { sendAll } from '../features/conversations/deletions';
import { ApiError } from '../shared/api/errors';
import { useToast } from '../shared/ui/toast';
import { useWords } from './words/use-words';

export function useLeave(): () => Promise<void> {
  const t = useWords();
  const { signOut } = useSignedIn();
  const toast = useToast();
  const leave = async (): Promise<void> => {
    try {
      await sendAll();
      await signOut();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({
        text: t('sidebar.notSignedOut'),
        action: { label: t('shared:tryAgain'), run: () => void leave() },
      });
    }
  };
  return leave;
}
