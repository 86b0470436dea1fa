import { type ReactNode, Suspense } from 'react';
import { text } from '../texts/shell.js';
import { Loading } from './answers.js';

/** A chart says in words what it shows, and the numbers behind it are a table that can be opened. */
export function ChartWithTable(props: {
  readonly label: string;
  readonly chart: ReactNode;
  readonly table: ReactNode;
}) {
  return (
    <>
      <figure className="chart" aria-label={props.label}>
        <Suspense fallback={<Loading what={text.chart} />}>{props.chart}</Suspense>
      </figure>
      <details>
        <summary>{text.numbers}</summary>
        {props.table}
      </details>
    </>
  );
}
