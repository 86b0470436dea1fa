import type { ReactNode } from 'react';
import { text } from '../texts/shell.js';

export function Loading({ what }: { what: string }) {
  return <output className="empty">{text.waitingFor(what)}</output>;
}

export function Failure({ error }: { error: Error }) {
  return (
    <p className="failure" role="alert">
      {error.message}
    </p>
  );
}

interface Answer<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
}

/** What came, or why nothing came. What was there before stays on the screen while it is fetched anew. */
export function Answered<Data>({
  answer,
  what,
  children,
}: {
  answer: Answer<Data>;
  what: string;
  children: (data: Data) => ReactNode;
}) {
  if (answer.data !== undefined) return children(answer.data);
  return answer.error === null ? <Loading what={what} /> : <Failure error={answer.error} />;
}
