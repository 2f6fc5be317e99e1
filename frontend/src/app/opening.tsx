// While the session opens: the lamp alone, and only when that takes a while.
import { Lamp } from '../shared/ui/lamp';
import '../shared/ui/skeleton.css';
import { useWords } from './words/use-words';

export function Opening() {
  const t = useWords();
  return (
    <main className="grid h-full place-items-center" aria-busy>
      <p className="appear-late flex items-center gap-4 text-muted" role="status">
        <Lamp state="breathing" size="large" />
        {t('opening')}
      </p>
    </main>
  );
}
