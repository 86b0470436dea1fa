import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@xvision/testing';
import { expect, test } from 'vitest';
import { checkExport, writeChecksums } from './checksums.js';

async function anExport() {
  const folder = await temporaryFolder();
  const out = path.join(folder.path, 'nodule');
  const files = ['weights.bin', 'model.json'].map((name) => path.join(out, name));
  await mkdir(out);
  for (const file of files) await writeFile(file, `content of ${file}`);
  const list = await writeChecksums(out, files);
  return { out, files, list, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('an export that nobody touched is what was written', async () => {
  await using exported = await anExport();

  expect(await checkExport(exported.out)).toEqual(exported.files);
  expect(await readFile(exported.list, 'utf8')).toMatch(/^[0-9a-f]{64} {2}nodule\/weights\.bin\n/);
});

test('one altered byte is found, the file is named and left as it is', async () => {
  await using exported = await anExport();
  const [weights = ''] = exported.files;
  const bytes = await readFile(weights);
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  await writeFile(weights, bytes);

  await expect(checkExport(exported.out)).rejects.toThrow(/weights\.bin has sha256 .* altered after it was exported/);
  expect(await readFile(weights)).toEqual(bytes);
});

test('a file that is missing, or a list that is none, is said', async () => {
  await using exported = await anExport();
  await rm(exported.files[1] ?? '');

  await expect(checkExport(exported.out)).rejects.toThrow('model.json cannot be read');
  await writeFile(exported.list, 'nonsense\n');
  await expect(checkExport(exported.out)).rejects.toThrow('not a list of checksums');
  await writeFile(exported.list, '');
  await expect(checkExport(exported.out)).rejects.toThrow('names no file');
  await rm(exported.list);
  await expect(checkExport(exported.out)).rejects.toThrow('export again');
});
