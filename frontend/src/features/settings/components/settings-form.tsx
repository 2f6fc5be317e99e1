// One's own settings: the name that the page uses, light or dark, and the language.
import { useState, type SyntheticEvent } from 'react';

import { ApiError } from '../../../shared/api/errors';
import { changePreferences, type User } from '../../../shared/api/preferences';
import { useSharedWords } from '../../../shared/i18n/i18n';
import { errorWords } from '../../../shared/i18n/refusals';
import { applyTheme, type Theme } from '../../../shared/lib/theme';
import { useSubmission } from '../../../shared/lib/use-submission';
import { Button } from '../../../shared/ui/button';
import { Choice } from '../../../shared/ui/choice';
import { Note } from '../../../shared/ui/note';
import { TextField } from '../../../shared/ui/text-field';
import { useToast } from '../../../shared/ui/toast';
import { saveDisplayName } from '../queries';
import { useWords } from '../words/use-words';
import { LanguageChoice } from './language-choice';

const THEMES = ['system', 'light', 'dark'] as const satisfies readonly Theme[];

export type SettingsFormProps = { user: User; onSaved(user: User): void };

export function SettingsForm({ user, onSaved }: SettingsFormProps) {
  return (
    <div className="grid gap-8">
      <NameForm user={user} onSaved={onSaved} />
      <ThemeChoice user={user} onSaved={onSaved} />
      <LanguageChoice />
    </div>
  );
}

function NameForm({ user, onSaved }: SettingsFormProps) {
  const t = useWords();
  const shared = useSharedWords();
  const [name, setName] = useState(user.display_name);
  const toast = useToast();
  const { busy, error, problems, submit } = useSubmission(async (wanted: string) => {
    onSaved(await saveDisplayName(wanted));
    toast({ text: t('name.saved') });
  });
  const wanted = name.trim();
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void submit(wanted);
  };
  return (
    <form className="grid gap-3" onSubmit={onSubmit}>
      <TextField
        label={t('name.label')}
        name="name"
        autoComplete="name"
        maxLength={80}
        hint={t('name.hint', { username: user.username })}
        value={name}
        problem={problems['display_name']}
        onChange={(event) => setName(event.target.value)}
      />
      {error && <Note requestId={error.requestId}>{t('name.kept', { why: errorWords(shared, error) })}</Note>}
      <Button
        type="submit"
        weight="primary"
        className="justify-self-start"
        busy={busy}
        disabled={wanted === '' || wanted === user.display_name}
      >
        {t('name.save')}
      </Button>
    </form>
  );
}

/** The page changes at once; the server keeps the choice for the other devices. */
function ThemeChoice({ user, onSaved }: SettingsFormProps) {
  const t = useWords();
  const [theme, setTheme] = useState<Theme>(user.preferences.theme);
  const toast = useToast();
  const choose = (wanted: Theme): void => {
    setTheme(wanted);
    applyTheme(wanted);
    changePreferences({ theme: wanted }).then(onSaved, (error: unknown) => {
      if (error instanceof ApiError) toast({ text: t('theme.unsaved') });
    });
  };
  const options = THEMES.map((value) => ({ value, label: t(`theme.${value}`) }));
  return <Choice label={t('theme.label')} value={theme} options={options} onChange={choose} />;
}
