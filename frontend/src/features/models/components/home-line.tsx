// The lamp with its state in words, for the frame of the page.
import { Lamp } from '../../../shared/ui/lamp';
import type { Home } from '../home';

export function HomeLine({ home }: { home: Home }) {
  return (
    <p className="flex min-w-0 items-center gap-2.5 ps-1 text-meta text-muted">
      <Lamp state={home.lamp} />
      <span className="truncate">{home.words}</span>
    </p>
  );
}
