import { keepsTarget, type Measure } from './measure.js';

/** Three significant digits, and whole numbers from a hundred on. */
export function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function cells(bench: string, measure: Measure): string[] {
  const { what, unit, spread, rounds, target } = measure;
  const kept = keepsTarget(measure);
  const asked = [
    ...(target?.atLeast === undefined ? [] : [`≥ ${figure(target.atLeast)}`]),
    ...(target?.atMost === undefined ? [] : [`≤ ${figure(target.atMost)}`]),
  ].join(', ');
  return [
    bench,
    what,
    `${figure(spread.median)} ${unit}`,
    rounds.length > 1 ? `${figure(spread.low)} – ${figure(spread.high)}` : '',
    asked,
    kept === undefined ? '' : kept ? 'yes' : 'NO',
  ];
}

const HEADING = ['bench', 'what', 'median', 'lowest – highest', 'target', 'kept'];

/** Every measure as one row of a Markdown table, with the notes below it. */
export function renderTable(results: readonly { name: string; measures: readonly Measure[] }[]): string {
  const rows = results.flatMap(({ name, measures }) => measures.map((measure) => cells(name, measure)));
  const widths = HEADING.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const notes = results.flatMap(({ measures }) =>
    measures.flatMap(({ what, note }) => (note === undefined ? [] : [`- ${what}: ${note}`])),
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const table = [line(HEADING), rule, ...rows.map(line)];
  return [...table, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}
