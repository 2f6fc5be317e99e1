// An address that the page does not know.
import { usePageTitle } from '../shared/lib/page-title';
import { Missing } from '../shared/ui/missing';

export function NowhereRoute() {
  usePageTitle('Not here', '');
  return <Missing heading="There is no such page" words="The address is not one of OmniAI’s." />;
}
