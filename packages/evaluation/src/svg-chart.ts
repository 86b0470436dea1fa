import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';

/** A point in the units of the axes. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

export interface ChartSeries {
  readonly points: readonly ChartPoint[];
  readonly style: 'main' | 'reference' | 'dots';
}

export interface ChartBand {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export interface Chart {
  readonly title: string;
  /** What the picture shows, in words, for those who do not see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly yRange?: readonly [number, number];
  readonly series: readonly ChartSeries[];
  readonly band?: readonly ChartBand[];
  /** One bar from low to high at each x: intervals of single points. */
  readonly bars?: readonly ChartBand[];
}

const SIZE = 320;
const MARGIN = { top: 12, right: 14, bottom: 44, left: 52 } as const;

/** An accessible SVG picture as text; colours come from the page's style sheet. */
export function svgChart(chart: Chart): string {
  const [lowest, highest] = chart.yRange ?? [0, 1];
  const x = scaleLinear([0, 1], [MARGIN.left, SIZE - MARGIN.right]);
  const y = scaleLinear([lowest, highest], [SIZE - MARGIN.bottom, MARGIN.top]);
  const curve = line<ChartPoint>(
    (point) => round(x(point.x)),
    (point) => round(y(point.y)),
  );
  const bandArea = area<ChartBand>()
    .x((point) => round(x(point.x)))
    .y0((point) => round(y(point.low)))
    .y1((point) => round(y(point.high)));
  const bars = (chart.bars ?? []).map(
    (bar) =>
      `<line class="bar" x1="${round(x(bar.x))}" x2="${round(x(bar.x))}" y1="${round(y(bar.low))}" y2="${round(y(bar.high))}"/>`,
  );
  const drawn = chart.series.flatMap(({ points, style }) => {
    if (style !== 'dots') return [`<path class="${style}" d="${curve(points) ?? ''}"/>`];
    return points.map((point) => `<circle class="dot" cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="3.5"/>`);
  });
  return [
    `<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${escapeHtml(`${chart.title}: ${chart.description}`)}">`,
    `<rect class="frame" x="${MARGIN.left}" y="${MARGIN.top}" width="${SIZE - MARGIN.left - MARGIN.right}" height="${SIZE - MARGIN.top - MARGIN.bottom}"/>`,
    ...x.ticks(5).map((tick) => label(x(tick), SIZE - MARGIN.bottom + 16, { text: String(tick), anchor: 'middle' })),
    ...y.ticks(5).map((tick) => label(MARGIN.left - 6, y(tick) + 4, { text: String(tick), anchor: 'end' })),
    label((MARGIN.left + SIZE - MARGIN.right) / 2, SIZE - 8, { text: chart.xLabel, anchor: 'middle' }),
    `<g transform="translate(13 ${(MARGIN.top + SIZE - MARGIN.bottom) / 2}) rotate(-90)">${label(0, 0, { text: chart.yLabel, anchor: 'middle' })}</g>`,
    chart.band === undefined ? '' : `<path class="band" d="${bandArea(chart.band) ?? ''}"/>`,
    ...bars,
    ...drawn,
    '</svg>',
  ].join('\n');
}

/** Text that is safe between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => names[character] ?? character);
}

function label(x: number, y: number, { text, anchor }: { text: string; anchor: 'middle' | 'end' }): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
}

/** A tenth of a pixel: the same file on every machine. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
