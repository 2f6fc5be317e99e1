// A link in an answer: a press shows where it leads before anything opens.
import { createContext, useContext, useState, type MouseEvent, type ReactNode } from 'react';

import { LinkDialog, type PressedLink } from './link-dialog';

const PressContext = createContext<(pressed: PressedLink) => void>(() => undefined);

/** Above the links, so that the dialog stays while the text below it grows and is drawn again. */
export function LinkPresses({ children }: { children: ReactNode }) {
  const [pressed, setPressed] = useState<PressedLink | null>(null);
  return (
    <PressContext value={setPressed}>
      {children}
      {pressed && <LinkDialog pressed={pressed} onClose={() => setPressed(null)} />}
    </PressContext>
  );
}

const MIDDLE = 1;

/** The address stands in the element too: the browser shows it, and copies it with the text. */
export function Link({ href, children }: { href: string; children: ReactNode }) {
  const onPress = useContext(PressContext);
  const press = (event: MouseEvent<HTMLAnchorElement>) => {
    event.preventDefault();
    // Not every browser focuses a link that is pressed, and the focus is to return to it.
    event.currentTarget.focus();
    onPress({ href, text: event.currentTarget.textContent });
  };
  return (
    <a
      href={href}
      title={href}
      target="_blank"
      rel="noopener noreferrer"
      onClick={press}
      onAuxClick={(event) => event.button === MIDDLE && press(event)}
    >
      {children}
    </a>
  );
}
