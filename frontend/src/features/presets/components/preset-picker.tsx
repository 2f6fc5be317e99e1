// Chooses the preset that goes with one's questions: a menu on the composer, beside the model.
import { SlidersHorizontal } from 'lucide-react';

import { Menu, MenuChoice, MenuLine, MenuOption } from '../../../shared/ui/menu';
import type { Preset } from '../presets';
import { useWords } from '../words/use-words';

const NONE = '';

export type PresetPickerProps = { presets: readonly Preset[]; chosen: Preset | null; onChoose(id: string | null): void };

export function PresetPicker({ presets, chosen, onChoose }: PresetPickerProps) {
  const t = useWords();
  const words = chosen?.name ?? t('noPreset');
  const trigger = (
    <button
      type="button"
      aria-label={t('picker', { name: words })}
      className="inline-flex min-h-control min-w-0 items-center gap-1.5 rounded-control px-2.5 text-muted transition-colors hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink"
    >
      <SlidersHorizontal size={16} strokeWidth={1.6} aria-hidden className="shrink-0" />
      {chosen && <span className="max-w-40 truncate">{chosen.name}</span>}
    </button>
  );
  return (
    <Menu trigger={trigger} side="top">
      <MenuChoice value={chosen?.id ?? NONE} onChange={(id) => onChoose(id === NONE ? null : id)}>
        <MenuOption value={NONE}>{t('noPreset')}</MenuOption>
        <MenuLine />
        {presets.map(({ id, name }) => (
          <MenuOption key={id} value={id}>
            <span className="min-w-0 flex-1 wrap-anywhere">{name}</span>
          </MenuOption>
        ))}
      </MenuChoice>
    </Menu>
  );
}
