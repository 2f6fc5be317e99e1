// Which entries of the log are shown; the address keeps the choice.
import { Button } from '../../../shared/ui/button';
import { SelectField } from '../../../shared/ui/select-field';
import { isFiltered, type FilterField } from '../audit-filter';
import { actionWords, FAMILIES } from '../audit-words';
import { useWords, type AdminWords } from '../words/use-words';
import { DayField } from './day-field';
import { SearchField } from './search-field';

const DAYS = ['from', 'until'] as const;

export type AuditFiltersProps = { address: URLSearchParams; onField(field: FilterField, value: string): void; onClear(): void };

export function AuditFilters({ address, onField, onClear }: AuditFiltersProps) {
  const t = useWords();
  const value = (field: FilterField): string => address.get(field) ?? '';
  return (
    <search className="grid grid-cols-2 items-start gap-4 desk:grid-cols-[1.4fr_1fr_1fr]">
      <div className="max-desk:col-span-2">
        <SelectField<string>
          label={t('audit.what')}
          value={value('action')}
          options={[{ value: '', label: t('audit.everything') }]}
          groups={actionsOf(t)}
          onChange={(chosen) => onField('action', chosen)}
        />
      </div>
      <SearchField label={t('audit.who')} name="actor" value={value('actor')} maxLength={100} onSettled={(who) => onField('actor', who)} />
      <SelectField<string>
        label={t('audit.outcome')}
        value={value('outcome')}
        options={[
          { value: '', label: t('audit.both') },
          { value: 'success', label: t('audit.success') },
          { value: 'refused', label: t('audit.refused') },
        ]}
        onChange={(chosen) => onField('outcome', chosen)}
      />
      {DAYS.map((field) => (
        <div key={field} className="max-sm:col-span-2">
          <DayField label={t(`audit.${field}`)} name={field} day={value(field)} onDay={(day) => onField(field, day)} />
        </div>
      ))}
      {isFiltered(address) && (
        <Button weight="plain" className="self-end justify-self-start text-accent" onClick={onClear}>
          {t('audit.clear')}
        </Button>
      )}
    </search>
  );
}

function actionsOf(t: AdminWords) {
  return FAMILIES.map(({ name, actions }) => {
    const family = t(`audit.families.${name}`);
    const each = actions.map((action) => ({ value: action, label: actionWords(t, action) }));
    return { label: family, options: [{ value: `${name}.`, label: t('audit.allOf', { family }) }, ...each] };
  });
}
