// A labelled line of input, with its hint and its problem tied to it for screen readers.
import { Eye, EyeOff } from 'lucide-react';
import { useId, useState, type ComponentProps, type ReactNode } from 'react';

import { useSharedWords } from '../i18n/i18n';
import { classNames } from '../lib/class-names';

type FieldProps = { label: string; hint?: ReactNode; problem?: string | undefined; optional?: boolean };
export type TextFieldProps = Omit<ComponentProps<'input'>, 'id' | 'className'> & FieldProps;

const INPUT =
  'min-h-control w-full rounded-control border bg-raised px-3 text-read text-ink transition-colors focus-visible:outline-offset-0 disabled:opacity-60 read-only:text-muted';

export function TextField({ label, hint, problem, optional = false, ...rest }: TextFieldProps) {
  const { id, describedBy } = useIds(hint, problem);
  return (
    <Field id={id} label={label} hint={hint} problem={problem} optional={optional}>
      <input id={id} className={input(problem)} aria-describedby={describedBy} aria-invalid={problem ? true : undefined} {...rest} />
    </Field>
  );
}

export type TextAreaProps = Omit<ComponentProps<'textarea'>, 'id' | 'className'> & FieldProps;

export function TextArea({ label, hint, problem, optional = false, ...rest }: TextAreaProps) {
  const { id, describedBy } = useIds(hint, problem);
  return (
    <Field id={id} label={label} hint={hint} problem={problem} optional={optional}>
      <textarea
        id={id}
        className={classNames(input(problem), 'py-2')}
        aria-describedby={describedBy}
        aria-invalid={problem ? true : undefined}
        {...rest}
      />
    </Field>
  );
}

export function PasswordField({ label, hint, problem, ...rest }: Omit<TextFieldProps, 'type' | 'optional'>) {
  const { id, describedBy } = useIds(hint, problem);
  const [shown, setShown] = useState(false);
  const t = useSharedWords();
  const Icon = shown ? EyeOff : Eye;
  const words = t(shown ? 'hideCharacters' : 'showCharacters');
  return (
    <Field id={id} label={label} hint={hint} problem={problem} optional={false}>
      <div className="relative">
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          className={classNames(input(problem), 'pe-12')}
          aria-describedby={describedBy}
          aria-invalid={problem ? true : undefined}
          autoCapitalize="none"
          spellCheck={false}
          {...rest}
        />
        <button
          type="button"
          aria-label={words}
          title={words}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 end-0 grid w-control place-items-center rounded-control text-muted hover:text-ink"
        >
          <Icon size={18} strokeWidth={1.6} aria-hidden />
        </button>
      </div>
    </Field>
  );
}

type FrameProps = Required<Pick<FieldProps, 'label' | 'optional'>> & {
  id: string;
  hint: ReactNode;
  problem: string | undefined;
  children: ReactNode;
};

function Field({ id, label, hint, problem, optional, children }: FrameProps) {
  const t = useSharedWords();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="flex items-baseline justify-between font-strong">
        {label}
        {optional && <span className="text-meta font-normal text-muted">{t('optional')}</span>}
      </label>
      {children}
      {problem && (
        <p id={`${id}-problem`} className="text-meta text-failed">
          {problem}
        </p>
      )}
      {hint && !problem && (
        <p id={`${id}-hint`} className="text-meta text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

function useIds(hint: ReactNode, problem: string | undefined): { id: string; describedBy: string | undefined } {
  const id = useId();
  if (problem) return { id, describedBy: `${id}-problem` };
  return { id, describedBy: hint ? `${id}-hint` : undefined };
}

function input(problem: string | undefined): string {
  return classNames(INPUT, problem ? 'border-failed' : 'border-edge');
}
