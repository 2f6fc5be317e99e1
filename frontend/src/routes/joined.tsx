// An invite's link opened by somebody who is signed in already.
import { useSignedIn } from '../features/auth/session-context';
import { useWords } from '../features/auth/words/use-words';
import { usePageTitle } from '../shared/lib/page-title';
import { Missing } from '../shared/ui/missing';

export function JoinedRoute() {
  const t = useWords();
  const { user } = useSignedIn();
  usePageTitle(t('join.title'), '');
  return <Missing heading={t('join.already')} words={t('join.alreadyWords', { username: user.username })} />;
}
