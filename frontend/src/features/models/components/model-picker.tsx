// Chooses the model that answers: a menu by server, on the composer. Where the choice is kept is the caller's affair.
import { ChevronDown } from 'lucide-react';
import { Fragment } from 'react';

import { Menu, MenuChoice, MenuLabel, MenuLine, MenuOption } from '../../../shared/ui/menu';
import type { Catalogue, Model, ModelChoice } from '../queries';
import { useWords } from '../words/use-words';

export type ModelPickerProps = {
  catalogue: Catalogue;
  /** The model that will answer; null when none would. */
  chosen: ModelChoice | null;
  onChoose(choice: ModelChoice): void;
  onOpen(): void;
};

export function ModelPicker({ catalogue, chosen, onChoose, onOpen }: ModelPickerProps) {
  const t = useWords();
  const models = catalogue.models.filter(({ kind }) => kind === 'chat');
  const current = models.find((model) => isChosen(model, chosen));
  const words = current?.label ?? chosen?.model ?? t('picker.none');
  const choose = (key: string): void => {
    const model = models.find((each) => keyOf(each) === key);
    if (model) onChoose({ provider: model.provider, model: model.id });
  };
  const trigger = (
    <button
      type="button"
      disabled={models.length === 0}
      aria-label={t('picker.label', { model: words })}
      className="inline-flex min-h-control min-w-0 items-center gap-1.5 rounded-control px-2.5 text-muted transition-colors hover:bg-hover hover:text-ink disabled:cursor-default disabled:bg-transparent data-[state=open]:bg-hover data-[state=open]:text-ink"
    >
      <span className="truncate">{words}</span>
      <ChevronDown size={16} strokeWidth={1.6} aria-hidden className="shrink-0" />
    </button>
  );
  return (
    <Menu trigger={trigger} side="top" onOpenChange={(open) => open && onOpen()}>
      <MenuChoice value={current ? keyOf(current) : ''} onChange={choose}>
        {groups(catalogue, models).map(({ label, members }, index) => (
          <Fragment key={label}>
            {index > 0 && <MenuLine />}
            <MenuLabel>{label}</MenuLabel>
            {members.map((model) => (
              <MenuOption key={keyOf(model)} value={keyOf(model)}>
                <span className="min-w-0 flex-1 wrap-anywhere">{model.label}</span>
                {model.loaded === true && <span className="text-meta text-muted">{t('picker.loaded')}</span>}
              </MenuOption>
            ))}
          </Fragment>
        ))}
      </MenuChoice>
    </Menu>
  );
}

function keyOf({ provider, id }: Model): string {
  return `${provider}/${id}`;
}

function isChosen(model: Model, chosen: ModelChoice | null): boolean {
  return model.provider === chosen?.provider && model.id === chosen.model;
}

type Group = { label: string; members: Model[] };

function groups({ providers }: Catalogue, models: readonly Model[]): Group[] {
  return providers
    .map(({ id, label }) => ({ label, members: models.filter(({ provider }) => provider === id) }))
    .filter(({ members }) => members.length > 0);
}
