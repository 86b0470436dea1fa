import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** A labels CSV made from a real collection's manifest, as a researcher would make it. Returns its path. */
export async function labelsFromManifest(manifest: string, out: string, limit?: number): Promise<string> {
  const rows: Record<string, string>[] = parse(await readFile(manifest), { columns: true });
  const labels = rows.map((row) => ({
    ...row,
    file: path.basename(row['file'] ?? ''),
    label: row['label'] ?? '',
    patient: row['patient_id'] ?? '',
  }));
  const columns = ['file', 'label', 'patient', ...['age', 'sex'].filter((name) => rows[0]?.[name] !== undefined)];
  await writeFile(out, stringify(balanced(labels, limit), { header: true, columns }));
  return out;
}

/** The first rows of each class in turn, so that a part of a collection sorted by class holds both. */
function balanced<Row extends { label: string }>(rows: readonly Row[], limit = rows.length): Row[] {
  const places = new Map<string, number>();
  const ranked = rows.map((row) => {
    const place = places.get(row.label) ?? 0;
    places.set(row.label, place + 1);
    return { row, place };
  });
  return ranked
    .sort((a, b) => a.place - b.place)
    .slice(0, limit)
    .map(({ row }) => row);
}
