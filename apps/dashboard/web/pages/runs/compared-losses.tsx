import type { LossPoint } from '@xvision/contracts';
import { lazy } from 'react';
import { ChartWithTable } from '../../parts/chart-with-table.js';
import { text } from '../../texts/runs.js';
import { decimal } from '../../words.js';

/** The mean loss of every run after an epoch, in the order of the runs; null where a run has no such epoch. */
export interface LossesAt {
  readonly epoch: number;
  readonly losses: readonly (number | null)[];
}

const LossesChart = lazy(async () => ({ default: (await import('./losses-chart.js')).LossesChart }));

/** Loss curves laid over each other: the mean over the folds' networks. What was solved in one step has none. */
export function ComparedLosses({
  series: every,
}: {
  series: readonly { readonly name: string; readonly place: number; readonly points: readonly LossPoint[] }[];
}) {
  const series = every.filter((one) => one.points.some(({ epoch }) => epoch > 1));
  const names = series.map(({ name }) => name);
  const epochs = [...new Set(series.flatMap((one) => one.points.map(({ epoch }) => epoch)))].sort((a, b) => a - b);
  if (epochs.length === 0) return null;
  const known = series.map((one) => new Map(one.points.map((point) => [point.epoch, point] as const)));
  const points = epochs.map((epoch) => ({ epoch, losses: known.map((of) => meanOf(of.get(epoch))) }));
  return (
    <section aria-labelledby="losses">
      <h2 id="losses">{text.losses}</h2>
      <ChartWithTable
        label={text.losses}
        chart={<LossesChart series={series} points={points} />}
        table={
          <table>
            <thead>
              <tr>
                <th scope="col">{text.epoch}</th>
                {names.map((name) => (
                  <th key={name} scope="col" className="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map(({ epoch, losses }) => (
                <tr key={epoch}>
                  <th scope="row">{epoch}</th>
                  {losses.map((loss, index) => (
                    <td key={names[index]} className="number">
                      {decimal(loss, 4)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
    </section>
  );
}

/** Of the folds' networks where there are any, otherwise of the delivered model's. */
const meanOf = (point: LossPoint | undefined): number | null => point?.folds ?? point?.delivered ?? null;
