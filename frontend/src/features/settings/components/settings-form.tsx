// One's own settings: the name that the page uses, and light or dark.
import { useState, type SyntheticEvent } from 'react';

import { ApiError } from '../../../shared/api/errors';
import { applyTheme, type Theme } from '../../../shared/lib/theme';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Choice } from '../../../shared/ui/choice';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { useToast } from '../../../shared/ui/toast';
import { saveDisplayName, saveTheme, type User } from '../queries';

const THEMES = [
  { value: 'system', label: 'As the device' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies readonly { value: Theme; label: string }[];

export type SettingsFormProps = { user: User; onSaved(user: User): void };

export function SettingsForm({ user, onSaved }: SettingsFormProps) {
  return (
    <div className="grid gap-8">
      <NameForm user={user} onSaved={onSaved} />
      <ThemeChoice user={user} onSaved={onSaved} />
    </div>
  );
}

function NameForm({ user, onSaved }: SettingsFormProps) {
  const [name, setName] = useState(user.display_name);
  const toast = useToast();
  const { busy, error, problems, submit } = useSubmission(async (wanted: string) => {
    onSaved(await saveDisplayName(wanted));
    toast({ text: 'Your name is saved.' });
  });
  const wanted = name.trim();
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(wanted);
  };
  return (
    <form className="grid gap-3" onSubmit={onSubmit}>
      <TextField
        label="Name that you are called"
        name="name"
        autoComplete="name"
        maxLength={80}
        hint={`You sign in as ${user.username}.`}
        value={name}
        problem={problems['display_name']}
        onChange={(event) => setName(event.target.value)}
      />
      {error && <Note requestId={error.requestId}>{error.message} The old name is kept.</Note>}
      <Button
        type="submit"
        weight="primary"
        className="justify-self-start"
        busy={busy}
        disabled={wanted === '' || wanted === user.display_name}
      >
        Save
      </Button>
    </form>
  );
}

/** The page changes at once; the server keeps the choice for the other devices. */
function ThemeChoice({ user, onSaved }: SettingsFormProps) {
  const [theme, setTheme] = useState<Theme>(user.preferences.theme);
  const toast = useToast();
  const choose = (wanted: Theme): void => {
    setTheme(wanted);
    applyTheme(wanted);
    saveTheme(user.preferences, wanted).then(onSaved, (error: unknown) => {
      if (error instanceof ApiError) toast({ text: 'The choice holds on this device. It could not be saved for the others.' });
    });
  };
  return <Choice label="Light or dark" value={theme} options={THEMES} onChange={choose} />;
}
