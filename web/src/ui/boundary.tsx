// A part of the page that breaks alone: a side panel that fails must not take the log with it.
import { Component, type ReactNode } from 'react';
import { ErrorState } from './states.tsx';

export class Boundary extends Component<{ readonly name: string; readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <ErrorState
        title={`${this.props.name} could not be shown`}
        text="The rest of the page works on; your drafts are kept."
        onRetry={() => this.setState({ broken: false })}
      />
    );
  }
}
