// A block of code with its language, copy and wrap. Draws the highlighter's tree as elements; no HTML is ever parsed.
import { Check, Copy, TextWrap, TriangleAlert } from 'lucide-react';
import { memo, useId, useState, type ReactNode } from 'react';

import type { CodeNode } from '../markdown/highlight';
import { languageLabel } from '../markdown/languages';
import { useWords } from '../words/use-words';
import { useCopy, type CopyState } from './use-copy';
import { useHighlight } from './use-highlight';

const COPY_ICONS: Record<CopyState, typeof Copy> = { idle: Copy, copied: Check, failed: TriangleAlert };
const COPY_WORDS = { idle: 'copy.idle', copied: 'copy.copied', failed: 'copy.notCopied' } as const satisfies Record<CopyState, string>;

export type CodeBlockProps = { code: string; info: string; growing: boolean };

export const CodeBlock = memo(function CodeBlock({ code, info, growing }: CodeBlockProps) {
  const t = useWords();
  const [wrapped, setWrapped] = useState(false);
  const { state, copy } = useCopy();
  const { nodes, rest } = useHighlight(code, info, growing);
  const labelId = useId();
  const CopyIcon = COPY_ICONS[state];
  return (
    <figure className="code-block" aria-labelledby={labelId}>
      <figcaption className="code-block-head" data-chrome>
        <span id={labelId}>{languageLabel(info) ?? t('code.plain')}</span>
        <button type="button" className="code-block-act" aria-pressed={wrapped} onClick={() => setWrapped(!wrapped)}>
          <TextWrap size={16} strokeWidth={1.6} aria-hidden />
          {t('code.wrap')}
        </button>
        <button type="button" className="code-block-act" onClick={() => copy(code)}>
          <CopyIcon size={16} strokeWidth={1.6} aria-hidden />
          {t(COPY_WORDS[state])}
        </button>
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways must be reachable by key */}
      <pre tabIndex={0} aria-labelledby={labelId} data-wrapped={wrapped}>
        <code>
          {nodes.map(draw)}
          {rest}
        </code>
      </pre>
    </figure>
  );
});

function draw(node: CodeNode, index: number): ReactNode {
  if (typeof node === 'string') return node;
  return (
    <span key={index} className={`hl-${node.scope.split('.', 1)[0] ?? ''}`}>
      {node.children.map(draw)}
    </span>
  );
}
