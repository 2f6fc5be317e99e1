// What a person sees when runtime-config.json is wrong: for the one who hosts the page.
import { Button } from '../shared/ui/button';
import { Plain } from './plain';
import { useWords } from './words/use-words';

export function ConfigPage({ problem }: { problem: string }) {
  const t = useWords();
  return (
    <Plain heading={t('config.heading')} act={<Button onClick={() => window.location.reload()}>{t('config.reload')}</Button>}>
      <p>{problem}</p>
      <p>{t('config.words')}</p>
    </Plain>
  );
}
