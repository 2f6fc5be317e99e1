// What a person sees when runtime-config.json is wrong: for the one who hosts the page.
import { Button } from '../shared/ui/button';
import { Plain } from './plain';

export function ConfigPage({ problem }: { problem: string }) {
  return (
    <Plain heading="This page is not set up rightly" act={<Button onClick={() => window.location.reload()}>Reload</Button>}>
      <p>{problem}</p>
      <p>The file lies beside this page’s index.html. Whoever put the page here can mend it.</p>
    </Plain>
  );
}
