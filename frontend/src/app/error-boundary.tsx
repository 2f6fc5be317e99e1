// The last resort of rendering: says that the page failed, and offers to load it again.
import { Component, type ReactNode } from 'react';

import { Button } from '../shared/ui/button';
import { Plain } from './plain';
import { useWords } from './words/use-words';

type State = { failed: boolean };

export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}

export function Failed() {
  const t = useWords();
  return (
    <Plain
      heading={t('failed.heading')}
      act={
        <Button weight="primary" onClick={() => window.location.reload()}>
          {t('failed.again')}
        </Button>
      }
    >
      <p>{t('failed.words')}</p>
    </Plain>
  );
}
