// The button, and the link that looks like one: four weights, one size per pointer. Knows no API and no feature.
import type { ComponentProps } from 'react';

import { classNames } from '../lib/class-names';

type Weight = 'primary' | 'quiet' | 'plain' | 'danger';

export type ButtonProps = ComponentProps<'button'> & {
  weight?: Weight;
  /** Its act runs: it keeps its place and width and cannot be pressed again. */
  busy?: boolean;
};

const WEIGHTS = {
  primary: 'bg-ink text-paper hover:opacity-90 active:opacity-80',
  quiet: 'border border-line bg-paper text-ink hover:bg-hover active:bg-pressed',
  plain: 'text-ink hover:bg-hover active:bg-pressed',
  danger: 'bg-failed text-paper hover:opacity-90 active:opacity-80',
} as const satisfies Record<Weight, string>;

const LOOK =
  'inline-flex min-h-control shrink-0 items-center justify-center gap-2 rounded-control px-3.5 py-1.5 text-frame font-strong transition-[background-color,opacity]';

export function Button({ weight = 'quiet', busy = false, type = 'button', className, disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type={type === 'submit' ? 'submit' : 'button'}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      className={classNames(
        LOOK,
        'disabled:cursor-default disabled:opacity-45 aria-busy:cursor-progress aria-busy:opacity-60',
        WEIGHTS[weight],
        className,
      )}
      {...rest}
      {...(busy ? { onClick: (event) => event.preventDefault() } : {})}
    >
      {children}
    </button>
  );
}

export type ButtonLinkProps = ComponentProps<'a'> & { href: string; weight?: Weight };

export function ButtonLink({ weight = 'quiet', className, children, ...rest }: ButtonLinkProps) {
  return (
    <a className={classNames(LOOK, WEIGHTS[weight], className)} {...rest}>
      {children}
    </a>
  );
}
