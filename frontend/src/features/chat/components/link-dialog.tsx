// Where a link leads, said before it opens.
import { Check, Copy, ExternalLink, TriangleAlert, type LucideIcon } from 'lucide-react';

import { Button, ButtonLink } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { addressOf, textAgainst, type Address } from '../markdown/address';
import { useWords } from '../words/use-words';
import { useCopy, type CopyState } from './use-copy';

const COPY_ICONS: Record<CopyState, LucideIcon> = { idle: Copy, copied: Check, failed: TriangleAlert };
const COPY_WORDS = { idle: 'link.copy', copied: 'copy.copied', failed: 'copy.notCopied' } as const satisfies Record<CopyState, string>;

export type PressedLink = { href: string; text: string };

export function LinkDialog({ pressed: { href, text }, onClose }: { pressed: PressedLink; onClose(): void }) {
  const t = useWords();
  const { state, copy } = useCopy();
  const address = addressOf(href);
  const CopyIcon = COPY_ICONS[state];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t(address.mail ? 'link.mail' : 'link.title')}>
      <div className="grid gap-3">
        <WholeAddress address={address} />
        {address.written !== null && <Said label={t('link.written')} words={address.written} />}
        <LinkText text={text} href={href} />
      </div>
      <Actions>
        <Button weight="plain" onClick={onClose}>
          {t('shared:close')}
        </Button>
        <Button onClick={() => copy(address.whole)}>
          <CopyIcon size={18} strokeWidth={1.6} aria-hidden />
          <span aria-live="polite">{t(COPY_WORDS[state])}</span>
        </Button>
        <ButtonLink weight="primary" href={address.whole} target="_blank" rel="noopener noreferrer" onClick={onClose}>
          <ExternalLink size={18} strokeWidth={1.6} aria-hidden />
          {t('link.open')}
        </ButtonLink>
      </Actions>
    </Dialog>
  );
}

function WholeAddress({ address: { before, host, after } }: { address: Address }) {
  return (
    <p dir="ltr" className="max-h-48 overflow-y-auto rounded-control bg-panel px-3 py-2.5 font-mono text-code break-all text-muted">
      {before}
      <strong className="font-strong text-ink">{host}</strong>
      {after}
    </p>
  );
}

function LinkText({ text, href }: PressedLink) {
  const t = useWords();
  const kind = textAgainst(text, href);
  if (kind === 'same' || text.trim() === '') return null;
  return <Said label={t(`link.${kind}`)} words={text} alarming={kind === 'elsewhere'} />;
}

/** Hostile words may turn the direction of writing, so they stand for themselves. */
function Said({ label, words, alarming = false }: { label: string; words: string; alarming?: boolean }) {
  return (
    <div className="flex gap-2">
      {alarming && <TriangleAlert className="mt-0.5 shrink-0 text-failed" size={18} strokeWidth={1.6} aria-hidden />}
      <div className="grid min-w-0">
        <p className={alarming ? 'font-strong text-failed' : 'text-meta text-muted'}>{label}</p>
        <p className="line-clamp-3 wrap-anywhere">
          <bdi>{words}</bdi>
        </p>
      </div>
    </div>
  );
}
