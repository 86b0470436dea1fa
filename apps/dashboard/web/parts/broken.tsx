import { Component, type ReactNode } from 'react';
import { text } from '../texts/shell.js';

/** A page that throws is told of in its place; the rest of the frame stays usable. */
export class Broken extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override readonly state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="failure" role="alert">
        <h1>{text.broken}</h1>
        <p>{error.message}</p>
        <button type="button" onClick={() => window.location.reload()}>
          {text.reload}
        </button>
      </div>
    );
  }
}
