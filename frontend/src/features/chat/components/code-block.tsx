// A block of code: a header with its language and what can be done with it, and the text, or the table or diagram that it means.
import { Check, Code, Copy, Download, Eye, TextWrap, TriangleAlert, type LucideIcon } from 'lucide-react';
import { memo, useCallback, useId, useMemo, useState } from 'react';

import { saveFile } from '../../../shared/lib/save-file';
import { componentOf } from '../../../shared/lib/part-of';
import { csvRows } from '../markdown/csv';
import { fileName } from '../markdown/file-name';
import { languageLabel } from '../markdown/languages';
import { useWords } from '../words/use-words';
import { CodeText } from './code-text';
import { RowsTable } from './table';
import { useCopy, type CopyState } from './use-copy';

const COPY_ICONS: Record<CopyState, LucideIcon> = { idle: Copy, copied: Check, failed: TriangleAlert };
const COPY_WORDS = { idle: 'copy.idle', copied: 'copy.copied', failed: 'copy.notCopied' } as const satisfies Record<CopyState, string>;
const Diagram = componentOf(async () => (await import('./diagram')).Diagram);
const SEPARATORS = new Map([
  ['csv', ','],
  ['tsv', '\t'],
]);

export type CodeBlockProps = { code: string; info: string; growing: boolean };

export const CodeBlock = memo(function CodeBlock({ code, info, growing }: CodeBlockProps) {
  const t = useWords();
  const [wrapped, setWrapped] = useState(false);
  const [asText, setAsText] = useState(false);
  const { state, copy } = useCopy();
  const labelId = useId();
  const rows = useRows(code, info, growing);
  const { drawn, onFailed } = useDrawn(code, info, growing);
  const means = rows ? 'asTable' : drawn ? 'asDiagram' : null;
  const plain = asText || means === null;
  const text = <CodeText code={code} info={info} growing={growing} wrapped={wrapped} labelId={labelId} />;
  return (
    <figure className="code-block" aria-labelledby={labelId}>
      <figcaption className="code-block-head" data-chrome>
        <span id={labelId}>{languageLabel(info) ?? t('code.plain')}</span>
        {means && <CodeAct icon={asText ? Eye : Code} label={t(`code.${asText ? means : 'asText'}`)} onClick={() => setAsText(!asText)} />}
        {plain && <CodeAct icon={TextWrap} label={t('code.wrap')} pressed={wrapped} onClick={() => setWrapped(!wrapped)} />}
        <CodeAct
          icon={Download}
          label={t('code.download')}
          onClick={() => saveFile(new Blob([code], { type: 'text/plain' }), fileName(info))}
        />
        <CodeAct icon={COPY_ICONS[state]} label={t(COPY_WORDS[state])} act="copy-code" onClick={() => copy(code)} />
      </figcaption>
      {!plain && rows && <RowsTable rows={rows} />}
      {!plain && drawn && <Diagram code={code} labelId={labelId} meanwhile={text} onFailed={onFailed} />}
      {plain && text}
    </figure>
  );
});

/** Values become a table once they are all there. */
function useRows(code: string, info: string, growing: boolean): string[][] | null {
  const separator = SEPARATORS.get(info.toLowerCase());
  return useMemo(() => (separator === undefined || growing ? null : csvRows(code, separator)), [code, separator, growing]);
}

/** A diagram is drawn once it is all there, and stays text where it cannot be. */
function useDrawn(code: string, info: string, growing: boolean): { drawn: boolean; onFailed(): void } {
  const [failed, setFailed] = useState<string | null>(null);
  const onFailed = useCallback(() => setFailed(code), [code]);
  return { drawn: info.toLowerCase() === 'mermaid' && !growing && failed !== code, onFailed };
}

type CodeActProps = { icon: LucideIcon; label: string; act?: string; pressed?: boolean; onClick(): void };

function CodeAct({ icon: Icon, label, act, pressed, onClick }: CodeActProps) {
  return (
    <button
      type="button"
      className="code-block-act"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      data-act={act}
      onClick={onClick}
    >
      <Icon size={16} strokeWidth={1.6} aria-hidden />
      <span>{label}</span>
    </button>
  );
}
