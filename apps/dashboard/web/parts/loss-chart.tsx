import type { LossPoint } from '@xvision/contracts';
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { text } from '../texts/run.js';
import { decimal } from '../words.js';

const HEIGHT = 260;

export function LossChart({ points }: { points: readonly LossPoint[] }) {
  const line = { type: 'linear', strokeWidth: 2, dot: points.length === 1, isAnimationActive: false } as const;
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
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
        <Tooltip formatter={(value) => decimal(Number(value), 4)} />
        <Legend />
        <Line {...line} dataKey="delivered" name={text.deliveredModel} stroke="var(--accent)" />
        <Line {...line} dataKey="folds" name={text.meanOfFolds} stroke="var(--second)" strokeDasharray="5 4" />
      </LineChart>
    </ResponsiveContainer>
  );
}
