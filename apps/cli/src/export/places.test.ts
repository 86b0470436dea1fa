import path from 'node:path';
import { temporaryFolder } from '@xvision/testing';
import { expect, test } from 'vitest';
import { placesOf } from './places.js';

const named = (...names: string[]) => names.map((name) => ({ name, sha256: 'a'.repeat(64), byteLength: 1 }));
const filesIn = async (...given: Parameters<typeof placesOf>) => (await placesOf(...given)).map(({ file }) => file);

test('the first file of an export is what was asked for, and what belongs to it lies beside it', async () => {
  const files = named('nodule-1.safetensors', 'nodule-1.safetensors.json');

  expect(await filesIn('safetensors', 'out/mine', files)).toEqual(['out/mine', 'out/mine.json']);
  expect(await filesIn('card', 'card.md', named('nodule-1.md'))).toEqual(['card.md']);
});

test('the files of a TF.js model keep their names in a folder, which is made, and leave it by no name', async () => {
  await using folder = await temporaryFolder();
  const out = path.join(folder.path, 'a', 'model');

  const found = await filesIn('tfjs', out, named('weights.bin', '../../model.json'));

  expect(found).toEqual([path.join(out, 'weights.bin'), path.join(out, 'model.json')]);
});
