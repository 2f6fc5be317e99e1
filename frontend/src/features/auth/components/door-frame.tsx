// The page before one is inside: the lamp, a heading, one column.
import { useEffect, useRef, type ReactNode } from 'react';

import { classNames } from '../../../shared/lib/class-names';
import { PageHeading } from '../../../shared/ui/heading';
import { Lamp, type LampState } from '../../../shared/ui/lamp';

export type DoorFrameProps = {
  heading: string;
  lead?: ReactNode;
  /** Stands beside the rest where there is room, else above it. */
  aside?: ReactNode;
  children?: ReactNode;
  foot?: ReactNode;
  lamp?: LampState;
};

export function DoorFrame({ heading, lead, aside, children, foot, lamp = 'lit' }: DoorFrameProps) {
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where there are keys one can type at once; a phone would cover the page with its keyboard.
    if (window.matchMedia('(pointer: fine)').matches) frame.current?.querySelector('input')?.focus();
  }, []);
  return (
    <main ref={frame} className="grid h-full grid-rows-[1fr_auto_1.3fr] overflow-y-auto px-5">
      <div />
      <div
        className={classNames(
          'mx-auto grid w-full max-w-96 gap-7 py-8',
          aside !== undefined && 'desk:max-w-216 desk:grid-cols-[1fr_24rem] desk:gap-x-20',
        )}
      >
        <div className="grid content-start gap-7">
          <div className="flex items-center gap-4 ps-2 text-read font-strong">
            <Lamp state={lamp} size="large" />
            OmniAI
          </div>
          <div className="grid gap-2">
            <PageHeading>{heading}</PageHeading>
            {lead && <div className="text-read text-muted">{lead}</div>}
          </div>
          {aside}
        </div>
        <div className="grid content-start gap-7">
          {children}
          {foot && <div className="border-t border-line pt-4 text-muted">{foot}</div>}
        </div>
      </div>
      <div />
    </main>
  );
}
