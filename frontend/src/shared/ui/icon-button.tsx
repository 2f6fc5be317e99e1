// A button that is an icon alone; its words are for screen readers and for a resting mouse.
import type { ComponentProps } from 'react';

import { classNames } from '../lib/class-names';

export type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label' | 'title' | 'type'> & { label: string };

export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classNames(
        'inline-grid size-control shrink-0 place-items-center rounded-control text-muted transition-colors',
        'hover:bg-hover hover:text-ink active:bg-pressed disabled:cursor-default disabled:bg-transparent disabled:opacity-40',
        className,
      )}
      {...rest}
    />
  );
}
