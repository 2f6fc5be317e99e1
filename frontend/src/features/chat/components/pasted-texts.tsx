// Long texts that were pasted, as tiles: each goes with the question, becomes text in the box, or goes away.
import { FileText, TextCursorInput, X } from 'lucide-react';

import { IconButton } from '../../../shared/ui/icon-button';
import { useWords } from '../words/use-words';

const ICON = { size: 16, strokeWidth: 1.6, 'aria-hidden': true } as const;

export type PastedTextsProps = { pasted: readonly string[]; onPasted(pasted: readonly string[]): void; onText(text: string): void };

export function PastedTexts({ pasted, onPasted, onText }: PastedTextsProps) {
  const t = useWords();
  return (
    <ul className="pasted" aria-label={t('pasted.label')}>
      {pasted.map((text, place) => {
        const rest = pasted.filter((_, other) => other !== place);
        const words = t('pasted.text', { count: text.length });
        const asText = (): void => {
          onPasted(rest);
          onText(text);
        };
        return (
          // oxlint-disable-next-line react/no-array-index-key -- two pasted texts may be the same
          <li key={place} className="pasted-text" title={text.slice(0, 500)}>
            <FileText {...ICON} />
            {words}
            <IconButton label={t('pasted.asText', { words })} onClick={asText}>
              <TextCursorInput {...ICON} />
            </IconButton>
            <IconButton label={t('pasted.drop', { words })} onClick={() => onPasted(rest)}>
              <X {...ICON} />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}
