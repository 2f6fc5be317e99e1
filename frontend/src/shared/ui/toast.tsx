// Short news at the foot of the page, with at most one act. A press or a pause takes it away.
import { X } from 'lucide-react';
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';

import { useSharedWords } from '../i18n/i18n';
import { Button } from './button';
import { IconButton } from './icon-button';
import './floating.css';

export type News = { text: string; action?: { label: string; run(): void } };
type Shown = News & { id: number };

const READING_MS = 6000;
const ACTING_MS = 10_000;

const ToastContext = createContext<(news: News) => void>(() => undefined);

export function useToast(): (news: News) => void {
  return use(ToastContext);
}

let lastId = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const show = useCallback((news: News) => {
    lastId += 1;
    const one = { ...news, id: lastId };
    setShown((before) => [...before.slice(-2), one]);
  }, []);
  const remove = useCallback((id: number) => setShown((before) => before.filter((each) => each.id !== id)), []);
  const region = useMemo(
    () => (
      <div role="status" className="pointer-events-none fixed inset-x-0 bottom-4 z-50 grid justify-items-center gap-2 px-4">
        {shown.map((news) => (
          <Toast key={news.id} news={news} onEnd={remove} />
        ))}
      </div>
    ),
    [shown, remove],
  );
  return (
    <ToastContext value={show}>
      {children}
      {region}
    </ToastContext>
  );
}

function Toast({ news, onEnd }: { news: Shown; onEnd(id: number): void }) {
  const t = useSharedWords();
  const [held, setHeld] = useState(false);
  const { id, text, action } = news;
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => onEnd(id), action ? ACTING_MS : READING_MS);
    return () => clearTimeout(timer);
  }, [held, id, action, onEnd]);
  return (
    <div
      data-from="below"
      className="floating pointer-events-auto flex max-w-full items-center gap-2 rounded-panel bg-raised py-1.5 pr-1.5 pl-4 shadow-lift"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className="py-1">{text}</p>
      {action && (
        <Button
          weight="plain"
          className="text-accent"
          onClick={() => {
            onEnd(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('close')} onClick={() => onEnd(id)}>
        <X size={18} strokeWidth={1.6} aria-hidden />
      </IconButton>
    </div>
  );
}
