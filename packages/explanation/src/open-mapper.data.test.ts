import { readFileSync } from 'node:fs';
import path from 'node:path';
import { acquireWeights, openVgg16Floats, type Vgg16Weights } from '@xvision/backbone';
import { readPrepared } from '@xvision/imaging';
import { sharedFolder } from '@xvision/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { meanColour } from './occlusion.js';
import { openCam } from './open-cam.js';
import { openMapper } from './open-mapper.js';
import { oracleHead, readOracleTensors } from './testing/oracle-head.js';

const shared = sharedFolder() ?? '';
const IMAGE = 'jsrt128-JPCNN001';
const target = [-1, 1];

describe.skipIf(shared === '')('maps through the whole network', { timeout: 240_000 }, () => {
  let weights: Vgg16Weights;
  let rgb: Uint8Array;
  const row = () => readOracleTensors('cam-pool5-rows.safetensors').get(IMAGE) ?? new Float32Array();

  beforeAll(async () => {
    const file = path.join(shared, 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    weights = await acquireWeights({ file, cacheDir: '/nonexistent' });
    const prepared = path.join(shared, 'oracles', 'features', 'prepared', `${IMAGE}.prepared.png`);
    rgb = await readPrepared(readFileSync(prepared));
  });

  const open = (method: 'integrated-gradients' | 'occlusion') =>
    openMapper({
      networks: [oracleHead()],
      method,
      target,
      weights: async () => weights,
      threads: 2,
      // Coarser than a person's map, since each point is a pass through the network.
      pathSteps: 12,
      occlusionStride: 32,
    });

  test('integrated gradients sum to the rise of the score from the flat image, to a tenth', async () => {
    await using mapper = await open('integrated-gradients');

    const { side, values, completeness } = await mapper.map({ row: row(), rgb });

    const { attributed = Number.NaN, difference = Number.NaN } = completeness ?? {};
    expect(side).toBe(224);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(attributed, 3);
    expect(Math.abs(attributed / difference - 1)).toBeLessThan(0.1);
    // The score that the path ends at is that of the stored row.
    await using cam = await openCam(oracleHead());
    await using forward = await openVgg16Floats({ weights, threads: 2 });
    const flat = Float32Array.from(rgb, (_, index) => meanColour(rgb)[index % 3] ?? 0);
    const score = async (rows: Float32Array) => (await cam.score({ rows, target }))[0] ?? Number.NaN;
    expect(difference).toBeCloseTo((await score(row())) - (await score(await forward.pool5(flat))), 3);
  });

  test('a corner of the occlusion map is the fall of the score when that corner alone is hidden', async () => {
    await using mapper = await open('occlusion');

    const { side, values } = await mapper.map({ row: row(), rgb });

    const hidden = Float32Array.from(rgb, (value, index) => {
      const [x, y] = [Math.floor(index / 3) % 224, Math.floor(index / 3 / 224)];
      return x < 32 && y < 32 ? (meanColour(rgb)[index % 3] ?? 0) : value;
    });
    await using cam = await openCam(oracleHead());
    await using forward = await openVgg16Floats({ weights, threads: 2 });
    const score = async (rows: Float32Array) => (await cam.score({ rows, target }))[0] ?? Number.NaN;
    expect(side).toBe(7);
    expect(values[0]).toBeCloseTo((await score(row())) - (await score(await forward.pool5(hidden))), 2);
  });
});
