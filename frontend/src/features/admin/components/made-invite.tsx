// The link of a new invite, shown this once.
import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { dayAndTime } from '../../../shared/lib/moments';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import type { InviteMade } from '../queries';

type CopyState = 'not yet' | 'copied' | 'by hand';
const LABELS: Record<CopyState, string> = { 'not yet': 'Copy the link', copied: 'Copied', 'by hand': 'Selected: copy it now' };

export function MadeInvite({ made, onClose }: { made: InviteMade | null; onClose(): void }) {
  return (
    <Dialog
      open={made !== null}
      onOpenChange={(open) => !open && onClose()}
      title="The invite is ready"
      description={made && `Send this link. It is shown only now, and is good until ${dayAndTime(made.expires_at)}.`}
    >
      {made && <LinkLine link={made.link} onClose={onClose} />}
    </Dialog>
  );
}

function LinkLine({ link, onClose }: { link: string; onClose(): void }) {
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
        aria-label="Link of the invite"
        value={link}
        onFocus={(event) => event.target.select()}
        className="w-full resize-none rounded-control border border-line bg-panel px-3 py-2.5 font-mono text-code break-all"
      />
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
