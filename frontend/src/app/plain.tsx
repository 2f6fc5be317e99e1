// A page with nothing but words and one way on, for when the rest cannot be shown.
import type { ReactNode } from 'react';

import { PageHeading } from '../shared/ui/heading';
import { Lamp, type LampState } from '../shared/ui/lamp';

export type PlainProps = { heading: string; children: ReactNode; act?: ReactNode; lamp?: LampState };

export function Plain({ heading, children, act, lamp = 'out' }: PlainProps) {
  return (
    <main className="grid h-full grid-rows-[1fr_auto_1.3fr] overflow-y-auto px-5">
      <div />
      <div className="mx-auto grid w-full max-w-110 gap-5 py-8">
        <p className="flex items-center gap-4 ps-2 text-read font-strong">
          <Lamp state={lamp} size="large" />
          OmniAI
        </p>
        <PageHeading>{heading}</PageHeading>
        <div className="grid gap-3 text-read text-muted">{children}</div>
        {act && <div>{act}</div>}
      </div>
      <div />
    </main>
  );
}
