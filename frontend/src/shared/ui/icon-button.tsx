// A button that is an icon alone; its words are for screen readers and for a resting mouse.
import type { ComponentProps } from 'react';

import { classNames } from '../lib/class-names';
import { ariaKeys, keyWord, type KeyName } from '../lib/keys';
import { ON_MAC } from '../lib/use-key';

export type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label' | 'title' | 'type'> & {
  label: string;
  /** The key that does the same. */
  keyName?: KeyName;
};

export function IconButton({ label, keyName, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={keyName === undefined ? label : `${label} (${keyWord(keyName, ON_MAC)})`}
      aria-keyshortcuts={keyName && ariaKeys(keyName, ON_MAC)}
      className={classNames(
        'inline-grid size-control shrink-0 place-items-center rounded-control text-muted transition-colors',
        'hover:bg-hover hover:text-ink active:bg-pressed disabled:cursor-default disabled:bg-transparent disabled:opacity-40',
        className,
      )}
      {...rest}
    />
  );
}
