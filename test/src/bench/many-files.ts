import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { someRadiographs } from './prepared-images.js';

/** Every fifth file has a label, so that a training fits beside the rest. */
const LABELLED_EACH = 5;

export interface ManyFiles {
  readonly folder: string;
  readonly labels: string;
  readonly distinct: number;
}

/**
 * A folder of `count` files that all differ but show only `distinct` pictures: bytes after a PNG's end are nobody's pixels.
 * Each file has to be uploaded, checked, stored, decoded and prepared; the network runs once for each picture, and new
 * pictures come all along the way. One patient a picture.
 */
export async function writeManyFiles(
  root: string,
  { count, distinct }: { count: number; distinct: number },
): Promise<ManyFiles> {
  const folder = path.join(root, 'many');
  await mkdir(folder, { recursive: true });
  const pictures = await someRadiographs(distinct);
  const rows: { file: string; label: string; patient: string }[] = [];
  for (let index = 0; index < count; index += 1) {
    const picture = Math.floor((index * distinct) / count);
    const file = `${String(index).padStart(5, '0')}.png`;
    const label = index % LABELLED_EACH === 0 ? (picture % 2 === 0 ? 'nodule' : 'normal') : '';
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(index);
    await writeFile(path.join(folder, file), Buffer.concat([pictures[picture] ?? Buffer.alloc(0), tail]));
    rows.push({ file, label, patient: `P${picture}` });
  }
  const labels = path.join(root, 'many.csv');
  await writeFile(labels, stringify(rows, { header: true, columns: ['file', 'label', 'patient'] }));
  return { folder, labels, distinct };
}
