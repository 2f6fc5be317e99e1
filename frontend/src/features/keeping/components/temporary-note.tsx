// What a temporary conversation is, before its first question.
import { useQuery } from '@tanstack/react-query';

import { keepingQuery } from '../queries';
import { useWords } from '../words/use-words';

const MINUTE = 60;

export function TemporaryNote() {
  const t = useWords();
  const { data } = useQuery(keepingQuery);
  return (
    <p role="status" className="text-muted">
      {t('temporary.about')} {data && t('temporary.end', { count: Math.ceil(data.temporary_seconds / MINUTE) })}
    </p>
  );
}
