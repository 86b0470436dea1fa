import { createReadStream } from 'node:fs';
import type { ManifestRecord, SourceLabels, View } from '@xvision/contracts';
import { parse } from 'csv-parse';
import { CommandError } from './failure.js';

/** One row of a labels file, before its image file was looked up. */
export type LabelRow = Omit<ManifestRecord, 'sha256'> & { readonly line: number };

const KNOWN_COLUMNS = new Set(['file', 'label', 'patient', 'patient_id', 'view', 'licence', 'license']);
const FRONTAL = new Set(['frontal', 'pa', 'ap']);
const LATERAL = new Set(['lateral', 'll', 'rl', 'lat']);

function viewOf(text: string): View {
  const view = text.trim().toLowerCase();
  if (FRONTAL.has(view)) return 'frontal';
  return LATERAL.has(view) ? 'lateral' : 'unknown';
}

interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

async function readRows(file: string): Promise<{ columns: string[]; rows: Row[] }> {
  const rows: Row[] = [];
  let columns: string[] = [];
  const parser = createReadStream(file).pipe(
    parse({
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
      columns: (header: string[]) => {
        columns = header;
        return header;
      },
    }),
  );
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>) {
      rows.push({ line: info.lines, cells: record });
    }
  } catch (error) {
    throw new CommandError(`${file} cannot be read as CSV`, { cause: error });
  }
  return { columns, rows };
}

/** A column is a finding when it says only 1, 0 or nothing, and says 1 or 0 at least once. */
function findingColumns(columns: readonly string[], rows: readonly Row[]): string[] {
  return columns.filter((column) => {
    if (KNOWN_COLUMNS.has(column)) return false;
    const values = new Set(rows.map((row) => row.cells[column] ?? ''));
    values.delete('');
    return values.size > 0 && [...values].every((value) => value === '1' || value === '0');
  });
}

function labelsOf(cells: Row['cells'], findings: readonly string[]): SourceLabels {
  const label = cells['label'];
  if (label !== undefined) return label === '' ? {} : { label };
  const read = (value: string | undefined) => {
    if (value === '1') return 'present' as const;
    return value === '0' ? ('absent' as const) : ('unknown' as const);
  };
  return { findings: Object.fromEntries(findings.map((name) => [name, read(cells[name])])) };
}

function recordOf({ line, cells }: Row, findings: readonly string[]): LabelRow {
  const patient = cells['patient'] ?? cells['patient_id'];
  const licence = cells['licence'] ?? cells['license'];
  const used = cells['label'] === undefined ? new Set([...KNOWN_COLUMNS, ...findings]) : KNOWN_COLUMNS;
  return {
    line,
    file: cells['file'] ?? '',
    ...(patient === undefined || patient === '' ? {} : { patient }),
    ...(cells['view'] === undefined || cells['view'] === '' ? {} : { view: viewOf(cells['view']) }),
    ...(licence === undefined || licence === '' ? {} : { licence }),
    labels: labelsOf(cells, findings),
    attributes: Object.fromEntries(
      Object.entries(cells).filter(([column, value]) => !used.has(column) && value !== ''),
    ),
  };
}

function faultsOf(rows: readonly LabelRow[]): string[] {
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    if (row.file === '') faults.push(`line ${row.line}: the file column is empty`);
    const before = seen.get(row.file);
    if (before !== undefined && row.file !== '')
      faults.push(`line ${row.line}: ${row.file} was named before, on line ${before}`);
    seen.set(row.file, row.line);
  }
  return faults;
}

/** At most this many faults are listed; the rest are counted. */
const FAULTS_SHOWN = 10;

/** Lists faults of a file together, so that it is mended in one edit. */
export function faultList(what: string, faults: readonly string[]): string {
  const more = faults.length > FAULTS_SHOWN ? `\n  … and ${faults.length - FAULTS_SHOWN} more` : '';
  return `${what}\n${faults
    .slice(0, FAULTS_SHOWN)
    .map((fault) => `  ${fault}`)
    .join('\n')}${more}`;
}

/**
 * Reads a labels CSV: a `file` column; a `label` column or one column per finding (1, 0, empty = unknown); optional
 * `patient`, `view`, `licence`; every other column is kept as an attribute.
 * Throws {@link CommandError} that lists every fault of the file at once.
 */
export async function readLabelsCsv(file: string): Promise<LabelRow[]> {
  const { columns, rows } = await readRows(file);
  if (!columns.includes('file')) {
    throw new CommandError(`${file} has no "file" column; its columns are: ${columns.join(', ') || '(none)'}`);
  }
  if (rows.length === 0) throw new CommandError(`${file} has a header row but no images`);
  const findings = findingColumns(columns, rows);
  if (!columns.includes('label') && findings.length === 0) {
    const others = columns.filter((column) => !KNOWN_COLUMNS.has(column));
    throw new CommandError(
      `${file} has neither a "label" column nor a finding column. A finding column holds only 1, 0 or nothing (unknown); ` +
        `these hold something else: ${others.join(', ') || '(no other columns)'}`,
    );
  }
  const read = rows.map((row) => recordOf(row, findings));
  const faults = faultsOf(read);
  if (faults.length > 0)
    throw new CommandError(faultList(`${file} has ${faults.length} bad rows; nothing was collected`, faults));
  return read;
}
