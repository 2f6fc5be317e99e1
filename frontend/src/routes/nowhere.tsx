// An address that the page does not know.
import { useSharedWords } from '../shared/i18n/i18n';
import { usePageTitle } from '../shared/lib/page-title';
import { Missing } from '../shared/ui/missing';

export function NowhereRoute() {
  const t = useSharedWords();
  usePageTitle(t('nowhere.title'), '');
  return <Missing heading={t('nowhere.heading')} words={t('nowhere.words')} />;
}
