// One's own settings.
import { useSignedIn } from '../features/auth/session-context';
import { SettingsForm } from '../features/settings/components/settings-form';
import { usePageTitle } from '../shared/lib/page-title';
import { PageHeading } from '../shared/ui/heading';

export function SettingsRoute() {
  const { user, changeUser } = useSignedIn();
  usePageTitle('Settings', '');
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid w-full max-w-column gap-8 px-5 pt-6 pb-16">
        <PageHeading>Settings</PageHeading>
        <div className="max-w-96">
          <SettingsForm user={user} onSaved={changeUser} />
        </div>
      </div>
    </div>
  );
}
