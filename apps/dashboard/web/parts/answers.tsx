import type { ReactNode } from 'react';
import { text } from '../texts/shell.js';

/** Holds the place of what is awaited; it fades in, so that a quick answer does not flash. */
export function Loading({ what, title }: { what: string; title?: string | undefined }) {
  return (
    <>
      {title !== undefined && <h1>{title}</h1>}
      <output className="loading">
        {text.waitingFor(what)}
        <span className="bars" aria-hidden="true" />
      </output>
    </>
  );
}

/** An act that was refused, in the words of who refused it. */
export function Failure({ error }: { error: Error }) {
  return (
    <p className="failure" role="alert">
      {error.message}
    </p>
  );
}

/** Something that did not come: what it is, why, and another try. */
export function NotFetched(props: {
  readonly what: string;
  readonly error: Error;
  readonly again: (() => unknown) | undefined;
}) {
  const { what, error, again } = props;
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{text.notFetched(what)}</strong> {error.message}
      </p>
      {again !== undefined && (
        <button type="button" className="quiet" onClick={() => again()}>
          {text.again}
        </button>
      )}
    </div>
  );
}

interface Answer<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  /** Asks once more. */
  readonly refetch?: () => unknown;
}

/**
 * What came, or why nothing came. What was there before stays on the screen while it is fetched anew. A page of one thing
 * gives its kind as title, which heads the page until the thing itself can.
 */
export function Answered<Data>(props: {
  readonly answer: Answer<Data>;
  readonly what: string;
  readonly title?: string;
  readonly children: (data: Data) => ReactNode;
}) {
  const { answer, what, title, children } = props;
  if (answer.data !== undefined) return children(answer.data);
  if (answer.error === null) return <Loading what={what} title={title} />;
  return (
    <>
      {title !== undefined && <h1>{title}</h1>}
      <NotFetched what={what} error={answer.error} again={answer.refetch} />
    </>
  );
}
