// One's own settings: name and look, today's usage, password, sign-ins, the end of the account.
import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { useSignedIn } from '../features/auth/session-context';
import { forgetDrafts } from '../features/chat/drafts';
import { conversationKeys, refreshLists } from '../features/conversations/queries';
import { KeepingSection } from '../features/keeping/components/keeping-section';
import { useWords as useKeepingWords } from '../features/keeping/words/use-words';
import { MemorySection } from '../features/memories/components/memory-section';
import { useWords as useMemoryWords } from '../features/memories/words/use-words';
import { forgetChosen } from '../features/presets/chosen';
import { PresetSection } from '../features/presets/components/preset-section';
import { PromptSection } from '../features/presets/components/prompt-section';
import { useWords as usePresetWords } from '../features/presets/words/use-words';
import { CloseAccount } from '../features/settings/components/close-account';
import { ImportData } from '../features/settings/components/import-data';
import { OwnData } from '../features/settings/components/own-data';
import { PasswordForm } from '../features/settings/components/password-form';
import { SettingsForm } from '../features/settings/components/settings-form';
import { SignIns } from '../features/settings/components/sign-ins';
import { useWords } from '../features/settings/words/use-words';
import { TodaysUsage } from '../features/usage/components/todays-usage';
import { paths } from '../shared/config/paths';
import { usePageTitle } from '../shared/lib/page-title';
import { PageHeading } from '../shared/ui/heading';
import { PageSection } from '../shared/ui/page-section';

export function SettingsRoute() {
  const { user, changeUser, leaveClosed } = useSignedIn();
  const t = useWords();
  const memory = useMemoryWords();
  const presets = usePresetWords();
  const keeping = useKeepingWords();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  usePageTitle(t('page.title'), '');
  const onClosed = (): void => {
    forgetDrafts(user.id);
    forgetChosen(user.id);
    leaveClosed();
  };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid w-full max-w-column gap-8 px-5 pt-6 pb-16">
        <PageHeading>{t('page.title')}</PageHeading>
        <div className="max-w-96">
          <SettingsForm user={user} onSaved={changeUser} />
        </div>
        <PageSection heading={t('page.used')}>
          <TodaysUsage />
        </PageSection>
        <PageSection heading={presets('heading')}>
          <PresetSection user={user} onSaved={changeUser} />
        </PageSection>
        <PageSection heading={presets('prompts.heading')}>
          <PromptSection user={user} onSaved={changeUser} />
        </PageSection>
        <PageSection heading={memory('heading')}>
          <MemorySection user={user} onSaved={changeUser} />
        </PageSection>
        <PageSection heading={keeping('heading')}>
          <KeepingSection onRestored={() => void refreshLists(queries)} onOpen={(id) => navigate(paths.conversation(id))} />
        </PageSection>
        <PageSection heading={t('page.signIns')}>
          <SignIns />
        </PageSection>
        <PageSection heading={t('page.password')}>
          <PasswordForm username={user.username} />
        </PageSection>
        <PageSection heading={t('page.data')}>
          <OwnData username={user.username} />
          <ImportData onImported={() => void queries.invalidateQueries({ queryKey: conversationKeys.lists })} />
        </PageSection>
        <PageSection heading={t('page.account')}>
          <CloseAccount username={user.username} onClosed={onClosed} />
        </PageSection>
      </div>
    </div>
  );
}
