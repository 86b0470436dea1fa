import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLabelsCsv } from './labels-csv.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'labels-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function csv(text: string): Promise<string> {
  const file = path.join(folder, 'labels.csv');
  await writeFile(file, text);
  return file;
}

describe('readLabelsCsv', () => {
  test('a label column gives one class an image, and every unknown column is kept as an attribute', async () => {
    const rows = await readLabelsCsv(
      await csv('file,label,patient,view,licence,age\na.png,nodule,P1,PA,CC BY 4.0,53\n'),
    );

    expect(rows).toEqual([
      {
        line: 2,
        file: 'a.png',
        patient: 'P1',
        view: 'frontal',
        licence: 'CC BY 4.0',
        labels: { label: 'nodule' },
        attributes: { age: '53' },
      },
    ]);
  });

  test('finding columns say present, absent or unknown, and empty is unknown, never absent', async () => {
    const rows = await readLabelsCsv(await csv('file,nodule,effusion\na.png,1,\nb.png,0,1\n'));

    expect(rows.map((row) => row.labels.findings)).toEqual([
      { nodule: 'present', effusion: 'unknown' },
      { nodule: 'absent', effusion: 'present' },
    ]);
  });

  test("a spreadsheet program's byte-order mark and line ends do not matter", async () => {
    const rows = await readLabelsCsv(await csv('\uFEFFfile,label\r\na.png,normal\r\n'));

    expect(rows[0]).toMatchObject({ file: 'a.png', labels: { label: 'normal' } });
  });

  test('without a file column the columns that are there are named', async () => {
    await expect(readLabelsCsv(await csv('image,label\na.png,normal\n'))).rejects.toThrow(
      'has no "file" column; its columns are: image, label',
    );
  });

  test('a column that is neither label nor finding is named with what a finding may hold', async () => {
    await expect(readLabelsCsv(await csv('file,nodule\na.png,maybe\n'))).rejects.toThrow(
      /neither a "label" column nor a finding column.*only 1, 0 or nothing.*nodule/,
    );
  });

  test('every duplicate is told with both of its lines', async () => {
    await expect(readLabelsCsv(await csv('file,label\na.png,normal\nb.png,normal\na.png,nodule\n'))).rejects.toThrow(
      'line 4: a.png was named before, on line 2',
    );
  });

  test('a row with too few cells says which line', async () => {
    await expect(readLabelsCsv(await csv('file,label\na.png\n'))).rejects.toMatchObject({
      message: expect.stringContaining('cannot be read as CSV'),
      cause: expect.objectContaining({ message: expect.stringContaining('line 2') }),
    });
  });

  test('a header without rows is no collection', async () => {
    await expect(readLabelsCsv(await csv('file,label\n'))).rejects.toThrow('a header row but no images');
  });
});
