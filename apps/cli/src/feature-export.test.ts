import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { POOL5_LENGTH, taskSchema } from '@xvision/contracts';
import { temporaryFolder } from '@xvision/testing';
import { parse } from 'csv-parse/sync';
import { expect, onTestFinished, test } from 'vitest';
import type { ApiClient } from './api-client.js';
import { exportFeatures } from './feature-export.js';

const task = taskSchema.parse({
  name: 'nodule',
  classes: ['normal', 'nodule'].map((name) => ({ name, rule: { kind: 'label-only' } })),
});

/** An API that has these files, all of them normal, of patients of the same name. */
function apiWith(files: readonly string[]): ApiClient {
  const images = files.map((file, n) => ({ id: String(n), file, view: 'frontal', labels: { label: 'normal' } }));
  return {
    async *all() {
      yield* images;
    },
    get: (address: string) => Promise.resolve({ patient: images[Number(address.split('/').at(-1))]?.file }),
    bytes: () => Promise.resolve(new Uint8Array(POOL5_LENGTH * 4)),
  } as unknown as ApiClient;
}

test('a name that a spreadsheet would compute is a text in labels.csv; every other one stands as it is', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const formulas = ['=HYPERLINK("http://x")', '+1', '-2+3', '@SUM(A1)', '\tx'];
  const names = ['a.png', 'b=c.png', 'with "quotes", and comma.png', '<script>.png'];

  await exportFeatures(apiWith([...formulas, ...names]), task, folder.path);

  const rows = parse(await readFile(path.join(folder.path, 'labels.csv'), 'utf8'), { columns: true }) as {
    file: string;
    patient: string;
  }[];
  const expected = [...formulas.map((name) => `'${name}`), ...names];
  expect(rows.map(({ file }) => file)).toEqual(expected);
  expect(rows.map(({ patient }) => patient)).toEqual(expected);
});
