// Every primitive in every state, for those who build with them: `#/gallery`, in development only. Not translated.
import { Router } from 'wouter';

import { hashRouting } from '../../shared/lib/hash-location';
import { PageHeading } from '../../shared/ui/heading';
import { ToastProvider } from '../../shared/ui/toast';
import { Buttons, Headings, Keys, Lamps, Menus, News, Overlays, Waiting } from './parts';
import { Fields } from './fields';
import { Colours, Sizes } from './tokens';

export function Gallery() {
  return (
    <ToastProvider>
      <Router {...hashRouting}>
        <main className="mx-auto grid h-full w-full max-w-240 content-start gap-10 overflow-y-auto px-5 py-10">
          <div className="grid gap-2">
            <PageHeading>Gallery</PageHeading>
            <p className="text-read text-muted">
              The tokens and primitives of the page. Nothing outside of <code className="font-mono text-code">styles/tokens.css</code> names
              a colour, a size or a time; nothing outside of <code className="font-mono text-code">shared/ui</code> draws a control.
            </p>
          </div>
          <Colours />
          <Sizes />
          <Headings />
          <Buttons />
          <Fields />
          <Menus />
          <Overlays />
          <News />
          <Lamps />
          <Waiting />
          <Keys />
        </main>
      </Router>
    </ToastProvider>
  );
}
