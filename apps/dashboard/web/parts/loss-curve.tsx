import type { Epoch } from '@xvision/contracts';
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { decimal } from '../words.js';

interface Point {
  readonly epoch: number;
  /** Mean over the delivered model's networks. */
  readonly delivered: number | null;
  /** Mean over all networks of all folds. */
  readonly folds: number | null;
}

/** Mean training loss in nats: of the model that is delivered, and of the folds' networks that were tested. */
export function LossCurve({ epochs }: { epochs: readonly Epoch[] }) {
  const points = pointsOf(epochs);
  if (points.length === 0) {
    return <p className="empty">No epochs: training has not begun, or its head is solved without them.</p>;
  }
  return (
    <>
      <div
        className="chart"
        role="img"
        aria-label={`Loss by epoch over ${points.length} epochs; the table below has the numbers`}
      >
        <ResponsiveContainer width="100%" height={260}>
          <LineChart data={points} margin={{ top: 8, right: 16, bottom: 4, left: 0 }}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis dataKey="epoch" stroke="var(--muted)" tickLine={false} />
            <YAxis
              stroke="var(--muted)"
              tickLine={false}
              axisLine={false}
              width={56}
              tickFormatter={(value: number) => decimal(value, 2)}
            />
            <Tooltip
              formatter={(value) => decimal(Number(value), 4)}
              labelFormatter={(label) => `epoch ${String(label)}`}
            />
            <Legend />
            <Line
              type="linear"
              dataKey="delivered"
              name="delivered model"
              stroke="var(--accent)"
              strokeWidth={2}
              dot={false}
              isAnimationActive={false}
            />
            <Line
              type="linear"
              dataKey="folds"
              name="mean of the folds"
              stroke="var(--second)"
              strokeWidth={2}
              strokeDasharray="5 4"
              dot={false}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
      <details>
        <summary>Numbers</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Epoch</th>
              <th scope="col" className="number">
                Delivered model
              </th>
              <th scope="col" className="number">
                Mean of the folds
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
      </details>
    </>
  );
}

function pointsOf(epochs: readonly Epoch[]): Point[] {
  const numbers = [...new Set(epochs.map((one) => one.epoch))].sort((a, b) => a - b);
  return numbers.map((epoch) => {
    const here = epochs.filter((one) => one.epoch === epoch);
    return {
      epoch,
      delivered: mean(here.filter((one) => one.fold === -1)),
      folds: mean(here.filter((one) => one.fold >= 0)),
    };
  });
}

function mean(epochs: readonly Epoch[]): number | null {
  return epochs.length === 0 ? null : epochs.reduce((sum, one) => sum + one.loss, 0) / epochs.length;
}
