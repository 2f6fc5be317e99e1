// Which entries of the log are shown; the address keeps the choice.
import { Button } from '../../../shared/ui/button';
import { SelectField } from '../../../shared/ui/select-field';
import { isFiltered, type FilterField } from '../audit-filter';
import { FAMILIES } from '../audit-words';
import { DayField } from './day-field';
import { SearchField } from './search-field';

const ANY = [{ value: '', label: 'Everything' }] as const;
const OUTCOMES = [
  { value: '', label: 'Both' },
  { value: 'success', label: 'Done' },
  { value: 'refused', label: 'Refused' },
] as const;

const DAYS = [
  { field: 'from', label: 'From' },
  { field: 'until', label: 'Until' },
] as const;

const ACTIONS = FAMILIES.map(({ family, label, actions }) => ({
  label,
  options: [{ value: family, label: `All: ${label}` }, ...Object.entries(actions).map(([value, words]) => ({ value, label: words }))],
}));

export type AuditFiltersProps = { address: URLSearchParams; onField(field: FilterField, value: string): void; onClear(): void };

export function AuditFilters({ address, onField, onClear }: AuditFiltersProps) {
  const value = (field: FilterField): string => address.get(field) ?? '';
  return (
    <search className="grid grid-cols-2 items-start gap-4 desk:grid-cols-[1.4fr_1fr_1fr]">
      <div className="max-desk:col-span-2">
        <SelectField<string>
          label="What"
          value={value('action')}
          options={ANY}
          groups={ACTIONS}
          onChange={(chosen) => onField('action', chosen)}
        />
      </div>
      <SearchField
        label="Who (full user name)"
        name="actor"
        value={value('actor')}
        maxLength={100}
        onSettled={(who) => onField('actor', who)}
      />
      <SelectField<string> label="Outcome" value={value('outcome')} options={OUTCOMES} onChange={(chosen) => onField('outcome', chosen)} />
      {DAYS.map(({ field, label }) => (
        <div key={field} className="max-sm:col-span-2">
          <DayField label={label} name={field} day={value(field)} onDay={(day) => onField(field, day)} />
        </div>
      ))}
      {isFiltered(address) && (
        <Button weight="plain" className="self-end justify-self-start text-accent" onClick={onClear}>
          Show everything
        </Button>
      )}
    </search>
  );
}
