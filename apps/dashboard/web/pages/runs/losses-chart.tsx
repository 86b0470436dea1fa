import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { decimal } from '../../words.js';
import type { LossesAt } from './compared-losses.js';

const HEIGHT = 300;
const STROKES = ['var(--accent)', 'var(--second)', 'var(--good)', 'var(--bad)'];
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];

interface Drawn {
  readonly name: string;
  /** Among the compared runs: every chart draws a run in the same colour. */
  readonly place: number;
}

export function LossesChart({ series, points }: { series: readonly Drawn[]; points: readonly LossesAt[] }) {
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <LineChart data={[...points]} margin={{ top: 8, right: 16, bottom: 4, left: 0 }}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis dataKey="epoch" stroke="var(--muted)" tickLine={false} />
        <YAxis stroke="var(--muted)" tickLine={false} axisLine={false} width={56} />
        <Tooltip formatter={(value) => decimal(Number(value), 4)} />
        <Legend />
        {series.map(({ name, place }, index) => (
          <Line
            key={name}
            name={name}
            dataKey={(point: LossesAt) => point.losses[index] ?? null}
            stroke={STROKES[place % STROKES.length] ?? 'var(--accent)'}
            strokeDasharray={DASHES[place % DASHES.length] ?? ''}
            strokeWidth={2}
            dot={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
