// An invite's link opened by somebody who is signed in already.
import { useSignedIn } from '../features/auth/session-context';
import { usePageTitle } from '../shared/lib/page-title';
import { Missing } from '../shared/ui/missing';

export function JoinedRoute() {
  const { user } = useSignedIn();
  usePageTitle('Join', '');
  const words = `You are signed in as ${user.username}. The invite is for somebody without an account: sign out first, or open its link in another browser.`;
  return <Missing heading="You have joined already" words={words} />;
}
