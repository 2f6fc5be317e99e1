// A link that is shown this once: to copy, or for another device's camera.
import { Check, Copy } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';

import { Button } from '../../../shared/ui/button';
import { Actions } from '../../../shared/ui/dialog';
import { Skeleton } from '../../../shared/ui/skeleton';
import { useWords } from '../words/use-words';

type CopyState = 'copy' | 'copied' | 'byHand';

const QrCode = lazy(async () => ({ default: (await import('./qr-code')).QrCode }));

export function OneTimeLink({ name, link, onClose }: { name: string; link: string; onClose(): void }) {
  const t = useWords();
  const [state, setState] = useState<CopyState>('copy');
  const line = useRef<HTMLTextAreaElement>(null);
  useEffect(() => line.current?.select(), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      setState('copied');
    } catch {
      // Without https the browser keeps the clipboard to itself.
      line.current?.select();
      setState('byHand');
    }
  };
  return (
    <>
      <textarea
        ref={line}
        readOnly
        rows={3}
        aria-label={name}
        value={link}
        onFocus={(event) => event.target.select()}
        className="w-full resize-none rounded-control border border-line bg-panel px-3 py-2.5 font-mono text-code break-all"
      />
      <div className="flex items-center gap-4">
        <div className="size-36 shrink-0">
          <Suspense fallback={<Skeleton className="size-full" />}>
            <QrCode text={link} label={t('link.qrCode', { name })} />
          </Suspense>
        </div>
        <p className="text-muted">{t('link.camera')}</p>
      </div>
      <Actions>
        <Button onClick={onClose}>{t('shared:close')}</Button>
        <Button weight="primary" onClick={() => void copy()}>
          {state === 'copied' ? <Check size={18} strokeWidth={1.6} aria-hidden /> : <Copy size={18} strokeWidth={1.6} aria-hidden />}
          <span role="status">{t(`link.${state}`)}</span>
        </Button>
      </Actions>
    </>
  );
}
