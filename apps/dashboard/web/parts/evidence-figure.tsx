import { lazy } from 'react';
import { decimal } from '../words.js';
import { ChartWithTable } from './chart-with-table.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ChartCurve {
  readonly name: string;
  readonly points: readonly Point[];
  readonly band?: readonly { readonly x: number; readonly range: readonly [number, number] }[];
  /** In place of a line: single points, each with how far its interval reaches down and up. */
  readonly dots?: readonly (Point & { readonly error: readonly [number, number] })[];
}

export interface EvidenceChartProps {
  readonly curves: readonly ChartCurve[];
  /** What knows nothing, or what is perfect: a dashed line. */
  readonly reference: readonly Point[];
  readonly x: string;
  readonly y: string;
}

/** The chart library is fetched when the first chart is shown. */
const EvidenceChart = lazy(async () => ({ default: (await import('./evidence-chart.js')).EvidenceChart }));

/** Rows of the table behind a curve; a reader wants its course, not each of 500 points. */
const ROWS = 60;

/** Curves in the unit square, with what they show in words and the numbers behind them. */
export function EvidenceFigure({ label, ...chart }: EvidenceChartProps & { readonly label: string }) {
  return (
    <div>
      <h3>{label}</h3>
      <ChartWithTable label={label} chart={<EvidenceChart {...chart} />} table={<CurveTable {...chart} />} />
    </div>
  );
}

function CurveTable({ curves, x, y }: EvidenceChartProps) {
  const several = curves.length > 1;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{x}</th>
          <th scope="col">{y}</th>
        </tr>
      </thead>
      {curves.map(({ name, points, dots, band }) => (
        <tbody key={name}>
          {several && (
            <tr>
              <th scope="rowgroup" colSpan={2}>
                {name}
              </th>
            </tr>
          )}
          {some<TablePoint>(dots ?? points).map((point) => (
            <tr key={`${point.x} ${point.y}`}>
              <th scope="row" className="figures">
                {decimal(point.x)}
              </th>
              <td className="figures">
                {decimal(point.y)}
                {bandAt(band, point.x)}
                {intervalOf(point)}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface TablePoint extends Point {
  readonly error?: readonly [number, number];
}

function intervalOf({ y, error }: TablePoint): string {
  return error === undefined ? '' : ` [${decimal(y - error[0])}, ${decimal(y + error[1])}]`;
}

function bandAt(band: ChartCurve['band'], x: number): string {
  const at = band?.findLast((one) => one.x <= x);
  return at === undefined ? '' : ` [${decimal(at.range[0])}, ${decimal(at.range[1])}]`;
}

function some<Item>(items: readonly Item[]): Item[] {
  const step = Math.max(1, Math.ceil(items.length / ROWS));
  return items.filter((_, i) => i % step === 0 || i === items.length - 1);
}
