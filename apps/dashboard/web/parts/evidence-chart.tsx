import {
  Area,
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  Legend,
  Line,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { decimal } from '../words.js';
import type { ChartCurve, EvidenceChartProps } from './evidence-figure.js';

const HEIGHT = 300;
/** In CSS pixels: the topmost number of the axis stands half above it. */
const BELOW_LEGEND = { paddingBottom: 12 } as const;
/** In the order of the curves; the dashes tell them apart without colour. */
const STROKES = ['var(--accent)', 'var(--second)', 'var(--good)', 'var(--bad)'];
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];

/** Curves in the unit square, each with a band or single points with intervals where it has them. */
export function EvidenceChart({ curves, reference, x, y }: EvidenceChartProps) {
  const unit = { type: 'number', domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], stroke: 'var(--muted)' } as const;
  const name = (value: string) => ({ value, fill: 'var(--muted)' });
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <ComposedChart margin={{ top: 8, right: 16, bottom: 20, left: 4 }}>
        <CartesianGrid stroke="var(--line)" />
        <XAxis {...unit} dataKey="x" tickLine={false} label={{ ...name(x), position: 'insideBottom', offset: -12 }} />
        <YAxis {...unit} width={60} tickLine={false} label={{ ...name(y), angle: -90, position: 'insideLeft' }} />
        <Tooltip formatter={shown} labelFormatter={(value) => decimal(Number(value))} />
        {curves.length > 1 && <Legend verticalAlign="top" wrapperStyle={BELOW_LEGEND} />}
        <Line {...REFERENCE} data={[...reference]} />
        {curves.flatMap(drawn)}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

const REFERENCE = {
  dataKey: 'y',
  stroke: 'var(--muted)',
  strokeDasharray: '4 4',
  dot: false,
  legendType: 'none',
  tooltipType: 'none',
  isAnimationActive: false,
} as const;

function drawn({ name, points, band, dots }: ChartCurve, index: number) {
  const stroke = STROKES[index % STROKES.length] ?? 'var(--accent)';
  if (dots !== undefined) {
    return [
      <Scatter key={name} name={name} data={[...dots]} dataKey="y" fill={stroke} isAnimationActive={false}>
        <ErrorBar dataKey="error" direction="y" stroke={stroke} width={4} />
      </Scatter>,
    ];
  }
  const line = {
    name,
    dataKey: 'y',
    stroke,
    strokeWidth: 2,
    dot: false,
    isAnimationActive: false,
    type: 'linear',
  } as const;
  const curve = <Line key={name} {...line} data={[...points]} strokeDasharray={DASHES[index % DASHES.length] ?? ''} />;
  if (band === undefined) return [curve];
  const area = { dataKey: 'range', stroke: 'none', fill: stroke, fillOpacity: 0.18, isAnimationActive: false } as const;
  return [
    <Area key={`${name} band`} {...area} data={[...band]} legendType="none" tooltipType="none" type="linear" />,
    curve,
  ];
}

function shown(value: unknown): string {
  return typeof value === 'number' ? decimal(value) : '';
}
