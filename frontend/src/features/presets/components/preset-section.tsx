// Presets in the settings.
import type { User } from '../../../shared/api/preferences';
import { presetsIn, type Preset } from '../presets';
import { presetShelf } from '../queries';
import { useWords, type PresetWords } from '../words/use-words';
import { KeptSection, short } from './kept-section';
import { PresetForm } from './preset-form';

export type PresetSectionProps = { user: User; onSaved(user: User): void };

export function PresetSection({ user, onSaved }: PresetSectionProps) {
  const t = useWords();
  return (
    <KeptSection
      items={presetsIn(user.preferences.ui)}
      shelf={presetShelf}
      words={{ about: t('about'), none: t('none'), add: t('add'), list: t('list') }}
      summary={(preset) => summary(t, preset)}
      Form={PresetForm}
      onSaved={onSaved}
    />
  );
}

function summary(t: PresetWords, { sampling: { system = '', temperature, top_p, max_tokens } }: Preset): string {
  const numbers = [
    temperature !== undefined && `${t('temperature')} ${temperature}`,
    top_p !== undefined && `${t('topP')} ${top_p}`,
    max_tokens !== undefined && `${t('maxTokens')} ${max_tokens}`,
  ];
  return [short(system), ...numbers].filter(Boolean).join(' · ');
}
