import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { NEAR_DUPLICATE_DISTANCE } from '@xvision/contracts';
import { sharedFolder } from '@xvision/testing';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeRadiograph, hammingDistance, mirroredHash, perceptualHash, prepareImage } from './index.js';

const shared = sharedFolder();

describe.skipIf(shared === undefined)('near-duplicates among real radiographs', () => {
  test('copies brightened, recompressed, reduced or mirrored are found; 122 different patients are told apart', async () => {
    const folder = path.join(shared ?? '', 'data/jsrt128/images');
    const files = await Promise.all(
      (await readdir(folder)).filter((_, index) => index % 2 === 0).map((name) => readFile(path.join(folder, name))),
    );
    const hashes: string[] = [];
    for (const file of files) hashes.push((await prepareImage(file)).quality.perceptualHash);

    let nearestOfOthers = 64;
    for (const [index, hash] of hashes.entries()) {
      for (const other of hashes.slice(index + 1)) {
        nearestOfOthers = Math.min(
          nearestOfOthers,
          hammingDistance(hash, other),
          hammingDistance(hash, mirroredHash(other)),
        );
      }
    }
    expect(nearestOfOthers).toBeGreaterThan(NEAR_DUPLICATE_DISTANCE);

    const found = { brightened: 0, recompressed: 0, reduced: 0, mirrored: 0 };
    const sample = files.filter((_, index) => index % 8 === 0);
    for (const [position, file] of sample.entries()) {
      const { pixels, width, height } = await decodeRadiograph((await prepareImage(file)).png);
      const grey = Uint8Array.from(pixels);
      const raw = () => sharp(grey, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
      const original = hashes[position * 8] ?? '';
      const near = async (copy: Uint8Array) =>
        hammingDistance(original, (await prepareImage(copy)).quality.perceptualHash) <= NEAR_DUPLICATE_DISTANCE ? 1 : 0;
      const brighter = grey.map((value) => Math.min(255, value * 1.2 + 10));
      found.brightened += hammingDistance(original, perceptualHash(brighter)) <= NEAR_DUPLICATE_DISTANCE ? 1 : 0;
      found.recompressed += await near(await raw().jpeg({ quality: 40 }).toBuffer());
      found.reduced += await near(await raw().resize(128).png().toBuffer());
      const flipped = await prepareImage(await raw().flop().png().toBuffer());
      found.mirrored += hammingDistance(original, mirroredHash(flipped.quality.perceptualHash)) <= 1 ? 1 : 0;
    }
    expect(found).toEqual({
      brightened: expect.toSatisfy((count: number) => count >= sample.length - 1),
      recompressed: sample.length,
      reduced: sample.length,
      mirrored: sample.length,
    });
  });
});
