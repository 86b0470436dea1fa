import type { Epoch, Head } from '@xvision/contracts';
import { lazy } from 'react';
import { text } from '../texts/run.js';
import { decimal } from '../words.js';
import { ChartWithTable } from './chart-with-table.js';

export interface LossPoint {
  readonly epoch: number;
  /** Mean over the delivered model's networks. */
  readonly delivered: number | null;
  /** Mean over all networks of all folds. */
  readonly folds: number | null;
}

/** The chart library is fetched when the first chart is shown. */
const LossChart = lazy(async () => ({ default: (await import('./loss-chart.js')).LossChart }));

/** Mean training loss in nats: of the model that is delivered, and of the folds' networks that were tested. */
export function LossCurve({ epochs, head }: { epochs: readonly Epoch[]; head: Head }) {
  const points = pointsOf(epochs);
  if (points.length === 0) {
    return <p className="empty">{text.noEpochs}</p>;
  }
  const [only] = points;
  if (head === 'logistic') {
    return <p className="empty">{text.oneEpoch(decimal(only?.delivered ?? only?.folds ?? null))}</p>;
  }
  return (
    <ChartWithTable
      label={text.lossOver(points.length)}
      chart={<LossChart points={points} />}
      table={<LossTable points={points} />}
    />
  );
}

function LossTable({ points }: { points: readonly LossPoint[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text.epoch}</th>
          <th scope="col" className="number">
            {text.deliveredModel}
          </th>
          <th scope="col" className="number">
            {text.meanOfFolds}
          </th>
        </tr>
      </thead>
      <tbody>
        {points.map(({ epoch, delivered, folds }) => (
          <tr key={epoch}>
            <th scope="row">{epoch}</th>
            <td className="number">{decimal(delivered, 4)}</td>
            <td className="number">{decimal(folds, 4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One walk over them: a long training of many folds has hundreds of thousands. */
function pointsOf(epochs: readonly Epoch[]): LossPoint[] {
  const byEpoch = Map.groupBy(epochs, (one) => one.epoch);
  return [...byEpoch]
    .toSorted(([a], [b]) => a - b)
    .map(([epoch, here]) => {
      const delivered = mean(here.filter((one) => one.fold === -1));
      return { epoch, delivered, folds: mean(here.filter((one) => one.fold >= 0)) };
    });
}

function mean(epochs: readonly Epoch[]): number | null {
  return epochs.length === 0 ? null : epochs.reduce((sum, one) => sum + one.loss, 0) / epochs.length;
}
