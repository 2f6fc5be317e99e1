// A labelled choice from a list, in groups where there are many: the browser's own, so that a phone shows its wheel.
import { ChevronDown } from 'lucide-react';
import { useId } from 'react';

export type SelectOption<Value extends string> = { value: Value; label: string };
export type SelectGroup<Value extends string> = { label: string; options: readonly SelectOption<Value>[] };

export type SelectFieldProps<Value extends string> = {
  label: string;
  value: NoInfer<Value>;
  options: readonly SelectOption<Value>[];
  groups?: readonly SelectGroup<Value>[];
  onChange(value: NoInfer<Value>): void;
};

const NO_GROUPS: readonly SelectGroup<never>[] = [];

export function SelectField<Value extends string>({ label, value, options, groups = NO_GROUPS, onChange }: SelectFieldProps<Value>) {
  const id = useId();
  const all = [...options, ...groups.flatMap((group) => group.options)];
  const choose = (chosen: string): void => {
    const found = all.find((option) => option.value === chosen);
    if (found) onChange(found.value);
  };
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-strong">
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          value={value}
          onChange={(event) => choose(event.target.value)}
          className="min-h-control w-full appearance-none truncate rounded-control border border-edge bg-raised pe-9 ps-3 text-read text-ink focus-visible:outline-offset-0"
        >
          {options.map(toOption)}
          {groups.map((group) => (
            <optgroup key={group.label} label={group.label}>
              {group.options.map(toOption)}
            </optgroup>
          ))}
        </select>
        <ChevronDown
          size={16}
          strokeWidth={1.6}
          aria-hidden
          className="pointer-events-none absolute inset-y-0 end-2.5 my-auto text-muted"
        />
      </div>
    </div>
  );
}

function toOption({ value, label }: SelectOption<string>) {
  return (
    <option key={value} value={value}>
      {label}
    </option>
  );
}
