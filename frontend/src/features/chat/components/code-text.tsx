// The text of a block of code: coloured, wrapped or scrolling sideways, and folded when it is long. No HTML is ever parsed.
import { memo, useState, type ReactNode } from 'react';

import type { CodeNode } from '../markdown/highlight';
import { useWords } from '../words/use-words';
import { useHighlight } from './use-highlight';

const FOLDED_LINES = 40;

export type CodeTextProps = { code: string; info: string; growing: boolean; wrapped: boolean; labelId: string };

export const CodeText = memo(function CodeText({ code, info, growing, wrapped, labelId }: CodeTextProps) {
  const t = useWords();
  // What was watched as it grew stays open, so that nothing jumps at its end.
  const [open, setOpen] = useState(growing);
  const lines = code.split('\n');
  const folded = !open && lines.length > FOLDED_LINES;
  const { nodes, rest } = useHighlight(folded ? lines.slice(0, FOLDED_LINES).join('\n') : code, info, growing);
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways must be reachable by key */}
      <pre tabIndex={0} aria-labelledby={labelId} data-wrapped={wrapped}>
        <code>
          {nodes.map(draw)}
          {rest}
        </code>
      </pre>
      {folded && (
        <button type="button" className="code-block-unfold" data-chrome onClick={() => setOpen(true)}>
          {t('code.showAll', { count: lines.length })}
        </button>
      )}
    </>
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
