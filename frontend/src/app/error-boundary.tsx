// The last resort of rendering: says that the page failed, and offers to load it again.
import { Component, type ReactNode } from 'react';

import { Button } from '../shared/ui/button';
import { Plain } from './plain';

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
  return (
    <Plain
      heading="The page has failed"
      act={
        <Button weight="primary" onClick={() => window.location.reload()}>
          Load it again
        </Button>
      }
    >
      <p>An error in the page stopped it. Your conversations are stored at home and drafts on this device; neither is touched.</p>
    </Plain>
  );
}
