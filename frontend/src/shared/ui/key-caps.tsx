// Keys as they look on a keyboard.
import { keyCaps, type KeyName } from '../lib/keys';
import { ON_MAC } from '../lib/use-key';

export function KeyCaps({ name }: { name: KeyName }) {
  return (
    <span className="inline-flex gap-1">
      {keyCaps(name, ON_MAC).map((cap) => (
        <kbd key={cap} className="min-w-6 rounded-[0.25rem] border border-line bg-panel px-1.5 text-center font-sans text-meta text-muted">
          {cap}
        </kbd>
      ))}
    </span>
  );
}
