// A few exclusive choices side by side: a radio group that looks like one control.
import { useId } from 'react';

export type ChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange(value: NoInfer<Value>): void;
};

export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="grid justify-items-start gap-1.5">
      <legend className="mb-1.5 font-strong">{label}</legend>
      <div className="inline-flex flex-wrap rounded-control border border-line bg-panel p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="relative grid min-h-[calc(var(--spacing-control)-0.375rem)] cursor-pointer place-items-center rounded-[0.25rem] px-1.75 whitespace-nowrap sm:px-3.5 text-muted transition-colors hover:text-ink has-checked:bg-raised has-checked:font-strong has-checked:text-ink has-checked:shadow-[0_0_0_1px_var(--color-line)] has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
