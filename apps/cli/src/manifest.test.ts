import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentName, filesAsRecords, readFolder } from './manifest.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'manifest-'));
  await mkdir(path.join(folder, 'images', 'deep'), { recursive: true });
  await writeFile(path.join(folder, 'images', 'a.png'), 'a');
  await writeFile(path.join(folder, 'images', 'deep', 'b.dcm'), 'b');
  await writeFile(path.join(folder, 'images', 'notes.txt'), 'no image');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const images = () => path.join(folder, 'images');

describe('readFolder', () => {
  test('without labels every image file below the folder is collected, and nothing else', async () => {
    const records = await readFolder(images(), undefined);

    expect(records.map(({ record }) => record.file)).toEqual(['a.png', path.join('deep', 'b.dcm')]);
  });

  test('a labels file may name files as they stand beside it', async () => {
    const csv = path.join(folder, 'labels.csv');
    await writeFile(csv, 'file,label\nimages/a.png,normal\n');

    const records = await readFolder(images(), csv);

    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ path: path.join(images(), 'a.png'), record: { labels: { label: 'normal' } } });
  });

  test('every missing file is listed before anything is sent', async () => {
    const csv = path.join(folder, 'labels.csv');
    await writeFile(csv, 'file,label\na.png,normal\ngone.png,normal\nlost.png,normal\n');

    await expect(readFolder(images(), csv)).rejects.toThrow(
      /names 2 files that do not exist; nothing was collected\n.*line 3: gone\.png.*\n.*line 4: lost\.png/,
    );
  });

  test('an empty folder, a missing folder and a missing labels file each have their own message', async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'empty-'));

    await expect(readFolder(empty, undefined)).rejects.toThrow('there is no PNG, JPEG or DICOM file in');
    await expect(readFolder(path.join(folder, 'nowhere'), undefined)).rejects.toThrow('is not a folder');
    await expect(readFolder(images(), path.join(folder, 'no.csv'))).rejects.toThrow('does not exist');
    await rm(empty, { recursive: true });
  });
});

describe('contentName', () => {
  test('the same images with the same labels have the same name, and one changed byte changes it', async () => {
    const before = contentName(images(), await readFolder(images(), undefined));
    expect(contentName(images(), await readFolder(images(), undefined))).toBe(before);

    await writeFile(path.join(images(), 'a.png'), 'A');

    expect(contentName(images(), await readFolder(images(), undefined))).not.toBe(before);
    expect(before).toMatch(/^images-[0-9a-f]{12}$/);
  });
});

describe('filesAsRecords', () => {
  test('a file named twice would give two rows that cannot be told apart', async () => {
    const file = path.join(images(), 'a.png');

    await expect(filesAsRecords([file, file])).rejects.toThrow('is named twice');
  });
});
