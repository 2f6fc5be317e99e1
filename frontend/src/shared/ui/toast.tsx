// Short news at the foot of the page, with at most one act. A press or a pause takes it away.
import { X } from 'lucide-react';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { useSharedWords } from '../i18n/i18n';
import { Button } from './button';
import { IconButton } from './icon-button';
import './floating.css';

/** `onGone`: the news went without its act being taken. */
export type News = { text: string; action?: { label: string; run(): void }; onGone?(): void };
type Shown = News & { id: number };

const READING_MS = 6000;
const ACTING_MS = 10_000;
const AT_ONCE = 3;

const ToastContext = createContext<(news: News) => void>(() => undefined);

export function useToast(): (news: News) => void {
  return use(ToastContext);
}

let lastId = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const latest = useRef(shown);
  const set = useCallback((next: readonly Shown[]) => {
    latest.current = next;
    setShown(next);
  }, []);
  const show = useCallback(
    (news: News) => {
      lastId += 1;
      const left = latest.current.slice(-(AT_ONCE - 1));
      const crowdedOut = latest.current.filter((each) => !left.includes(each));
      set([...left, { ...news, id: lastId }]);
      for (const each of crowdedOut) each.onGone?.();
    },
    [set],
  );
  const end = useCallback(
    (ended: Shown, acted: boolean) => {
      if (!latest.current.includes(ended)) return;
      set(latest.current.filter((each) => each !== ended));
      if (acted) ended.action?.run();
      else ended.onGone?.();
    },
    [set],
  );
  const region = useMemo(
    () => (
      <div role="status" className="pointer-events-none fixed inset-x-0 bottom-4 z-50 grid justify-items-center gap-2 px-4">
        {shown.map((news) => (
          <Toast key={news.id} news={news} onEnd={end} />
        ))}
      </div>
    ),
    [shown, end],
  );
  return (
    <ToastContext value={show}>
      {children}
      {region}
    </ToastContext>
  );
}

function Toast({ news, onEnd }: { news: Shown; onEnd(news: Shown, acted: boolean): void }) {
  const t = useSharedWords();
  const [held, setHeld] = useState(false);
  const { text, action } = news;
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => onEnd(news, false), action ? ACTING_MS : READING_MS);
    return () => clearTimeout(timer);
  }, [held, news, action, onEnd]);
  return (
    <div
      data-from="below"
      className="floating pointer-events-auto flex max-w-full items-center gap-2 rounded-panel bg-raised py-1.5 pe-1.5 ps-4 shadow-lift"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className="py-1">{text}</p>
      {action && (
        <Button weight="plain" className="text-accent" onClick={() => onEnd(news, true)}>
          {action.label}
        </Button>
      )}
      <IconButton label={t('close')} onClick={() => onEnd(news, false)}>
        <X size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
    </div>
  );
}
