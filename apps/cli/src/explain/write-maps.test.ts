import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeRadiograph, encodeGrey } from '@xvision/imaging';
import { expect, test } from 'vitest';
import { mapFiles, writeMap } from './write-maps.js';

test('images of one name from two folders get maps of their own', () => {
  const names = mapFiles(['a/x.png', 'b/x.dcm', 'y.png'], { out: 'maps', suffix: 'grad-cam.no finding/x' });

  expect(names.map((one) => one.map)).toEqual([
    path.join('maps', '1-x.grad-cam.no-finding-x.npy'),
    path.join('maps', '2-x.grad-cam.no-finding-x.npy'),
    path.join('maps', 'y.grad-cam.no-finding-x.npy'),
  ]);
});

test('the raw map is a NumPy matrix of its very values, and the pictures have 224 and the original pixels', async () => {
  const out = await mkdtemp(path.join(tmpdir(), 'xvision-maps-'));
  try {
    const png = (width: number, height: number) =>
      encodeGrey(new Uint8Array(width * height).fill(90), { width, height });
    const values = Float32Array.from({ length: 49 }, (_, cell) => cell - 20.5);
    const [files] = mapFiles(['x.png'], { out, suffix: 'grad-cam.nodule' });
    if (files === undefined) throw new Error('one file has one name');

    await writeMap(files, {
      raw: { side: 7, values },
      prepared: await png(224, 224),
      original: await png(400, 300),
      crossed: false,
    });

    const bytes = await readFile(files.map);
    const start = 10 + bytes.readUInt16LE(8);
    expect(bytes.subarray(10, start).toString()).toContain("'shape': (7, 7)");
    expect(values.map((_, cell) => bytes.readFloatLE(start + cell * 4))).toEqual(values);
    expect(await decodeRadiograph(await readFile(files.overlay))).toMatchObject({ width: 224, height: 224 });
    expect(await decodeRadiograph(await readFile(files.overlayOriginal))).toMatchObject({ width: 400, height: 300 });
    expect((await readdir(out)).filter((name) => name.endsWith('.part'))).toEqual([]);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
});
