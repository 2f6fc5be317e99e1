// A link that is shown this once: to copy, or for another device's camera.
import { Check, Copy } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';

import { Button } from '../../../shared/ui/button';
import { Actions } from '../../../shared/ui/dialog';
import { Skeleton } from '../../../shared/ui/skeleton';

type CopyState = 'not yet' | 'copied' | 'by hand';
const LABELS: Record<CopyState, string> = { 'not yet': 'Copy the link', copied: 'Copied', 'by hand': 'Selected: copy it now' };

const QrCode = lazy(async () => ({ default: (await import('./qr-code')).QrCode }));

export function OneTimeLink({ name, link, onClose }: { name: string; link: string; onClose(): void }) {
  const [state, setState] = useState<CopyState>('not yet');
  const line = useRef<HTMLTextAreaElement>(null);
  useEffect(() => line.current?.select(), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      setState('copied');
    } catch {
      // Without https the browser keeps the clipboard to itself.
      line.current?.select();
      setState('by hand');
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
            <QrCode text={link} label={`QR code: ${name}`} />
          </Suspense>
        </div>
        <p className="text-muted">Whoever points a phone’s camera here opens the same link.</p>
      </div>
      <Actions>
        <Button onClick={onClose}>Close</Button>
        <Button weight="primary" onClick={() => void copy()}>
          {state === 'copied' ? <Check size={18} strokeWidth={1.6} aria-hidden /> : <Copy size={18} strokeWidth={1.6} aria-hidden />}
          <span role="status">{LABELS[state]}</span>
        </Button>
      </Actions>
    </>
  );
}
