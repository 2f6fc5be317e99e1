// What a search found in the texts, below the titles: whose conversation, who wrote it, and the words around.
import { useId } from 'react';
import { Link } from 'wouter';

import { paths } from '../../../shared/config/paths';
import { Button } from '../../../shared/ui/button';
import type { TextHit } from '../queries';
import type { TextHits } from '../use-text-hits';
import { useWords } from '../words/use-words';

export type FoundInTextsProps = { found: TextHits; currentId: string | null; onFollow(): void };

export function FoundInTexts({ found: { state, hits, retry }, currentId, onFollow }: FoundInTextsProps) {
  const t = useWords();
  const heading = useId();
  if (state === 'off' || state === 'pending') return null;
  return (
    <section aria-labelledby={heading} className="pb-3">
      <h2 id={heading} className="px-5 pt-4 pb-1.5 text-meta text-muted">
        {t('texts.label')}
      </h2>
      {state === 'failed' && (
        <div className="grid justify-items-start gap-2 px-5 py-1 text-muted">
          <p>{t('texts.failed')}</p>
          <Button onClick={retry}>{t('shared:tryAgain')}</Button>
        </div>
      )}
      {state === 'there' && hits.length === 0 && <p className="px-5 py-1 text-muted">{t('texts.nothingFound')}</p>}
      {state === 'there' && hits.length > 0 && (
        <ul className="px-2">
          {hits.map((hit) => (
            <li key={hit.message_id}>
              <Hit hit={hit} current={hit.conversation_id === currentId} onFollow={onFollow} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

type HitProps = { hit: TextHit; current: boolean; onFollow(): void };

function Hit({ hit: { conversation_id: id, title, archived, role, snippet }, current, onFollow }: HitProps) {
  const t = useWords();
  return (
    <Link
      to={paths.conversation(id)}
      onClick={onFollow}
      aria-current={current ? 'page' : undefined}
      title={title}
      className="grid min-h-control gap-0.5 rounded-control px-3 py-2 hover:bg-hover aria-[current]:bg-pressed"
    >
      <span className="truncate">{title}</span>
      <span className="line-clamp-3 text-meta wrap-anywhere text-muted">
        {archived && t('texts.archived')}
        {t(role === 'user' ? 'texts.byYou' : 'texts.byModel')}
        {snippet.map(({ text, hit: sought }, place) =>
          // oxlint-disable-next-line react/no-array-index-key -- the parts of a snippet never change their places
          sought ? <mark key={place}>{text}</mark> : <span key={place}>{text}</span>,
        )}
      </span>
    </Link>
  );
}
