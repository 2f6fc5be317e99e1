// Words that could not be drawn stand as they were written: one answer must not take the page with it.
import { Component, type ReactNode } from 'react';

type Props = { text: string; children: ReactNode };

export class PlainOnFailure extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <p className="md-plain">{this.props.text}</p> : this.props.children;
  }
}
