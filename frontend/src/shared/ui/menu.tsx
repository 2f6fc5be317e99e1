// A menu that opens from a button: acts, or one choice of several. Radix does keys, focus and place.
import { DropdownMenu } from 'radix-ui';
import { Check } from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';

import { classNames } from '../lib/class-names';
import './floating.css';

const ITEM =
  'relative flex min-h-control items-center gap-2.5 rounded-control px-2.5 py-1.5 outline-none select-none data-highlighted:bg-hover data-disabled:opacity-45';

export type MenuProps = {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
  defaultOpen?: boolean;
  onOpenChange?(open: boolean): void;
};

export function Menu({ trigger, children, align = 'start', side = 'bottom', defaultOpen = false, onOpenChange }: MenuProps) {
  return (
    // Not modal: the page's frame does not scroll, so nothing beneath needs to be held still.
    <DropdownMenu.Root modal={false} defaultOpen={defaultOpen} {...(onOpenChange ? { onOpenChange } : {})}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          data-from="below"
          // A long list scrolls, and what scrolls must be reachable.
          tabIndex={0}
          className="floating z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-88 min-w-48 overflow-y-auto rounded-panel bg-raised p-1.5 shadow-lift"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

type Icon = ComponentType<{ size: number; strokeWidth: number; 'aria-hidden': true }>;
export type MenuItemProps = { icon?: Icon; danger?: boolean; disabled?: boolean; onSelect(): void; children: ReactNode };

export function MenuItem({ icon: Icon, danger = false, disabled = false, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={classNames(ITEM, danger && 'text-failed')} disabled={disabled} onSelect={onSelect}>
      {Icon && <Icon size={18} strokeWidth={1.6} aria-hidden />}
      {children}
    </DropdownMenu.Item>
  );
}

export type MenuChoiceProps = { value: string; onChange(value: string): void; children: ReactNode };

export function MenuChoice({ value, onChange, children }: MenuChoiceProps) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={onChange}>
      {children}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuOption({ value, children }: { value: string; children: ReactNode }) {
  return (
    <DropdownMenu.RadioItem value={value} className={classNames(ITEM, 'pe-9')}>
      {children}
      <DropdownMenu.ItemIndicator className="absolute end-2.5">
        <Check size={18} strokeWidth={1.6} aria-hidden />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.RadioItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-meta text-muted">{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="mx-2.5 my-1.5 h-px bg-line" />;
}
