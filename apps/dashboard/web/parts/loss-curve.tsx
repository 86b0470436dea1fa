import type { Head, LossPoint, RunLosses } from '@xvision/contracts';
import { lazy } from 'react';
import { text } from '../texts/run.js';
import { decimal } from '../words.js';
import { ChartWithTable } from './chart-with-table.js';

/** The chart library is fetched when the first chart is shown. */
const LossChart = lazy(async () => ({ default: (await import('./loss-chart.js')).LossChart }));

/** Mean training loss in nats: of the model that is delivered, and of the folds' networks that were tested. */
export function LossCurve({ losses: { epochs, items: points }, head }: { losses: RunLosses; head: Head }) {
  if (points.length === 0) {
    return <p className="empty">{text.noEpochs}</p>;
  }
  const [only] = points;
  if (head === 'logistic') {
    return <p className="empty">{text.oneEpoch(decimal(only?.delivered ?? only?.folds ?? null))}</p>;
  }
  return (
    <ChartWithTable
      label={text.lossOver(epochs)}
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
