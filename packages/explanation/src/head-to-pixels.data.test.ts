import { readFileSync } from 'node:fs';
import path from 'node:path';
import { acquireWeights, type BackwardRule, openVgg16Backward, type Vgg16Weights } from '@xvision/backbone';
import { readPrepared } from '@xvision/imaging';
import { sharedFolder } from '@xvision/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { openCam } from './open-cam.js';
import { oracleFolder, oracleHead, readOracleTensors } from './testing/oracle-head.js';

const shared = sharedFolder();

interface OracleGradient {
  readonly sum: number;
  readonly abs_sum: number;
  readonly l2: number;
  readonly largest10: readonly (readonly [number, number])[];
}

interface OracleImage {
  readonly image: string;
  readonly input_gradient: Readonly<Record<string, OracleGradient>>;
}

const rules: readonly (readonly [BackwardRule, string])[] = [
  ['gradient', 'vanilla'],
  ['guided-backprop', 'guided'],
  ['deconvnet', 'deconvnet'],
];

describe.skipIf(shared === undefined)('from a logit of the head back to the pixels', { timeout: 240_000 }, () => {
  let weights: Vgg16Weights;
  const { images }: { images: OracleImage[] } =
    shared === undefined ? { images: [] } : JSON.parse(readFileSync(path.join(oracleFolder, 'cam.json'), 'utf8'));

  beforeAll(async () => {
    const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    weights = await acquireWeights({ file, cacheDir: '/nonexistent' });
  });

  test.each(rules)('%s of logit 1 equals an independent autodiff to 1e-3', async (rule, name) => {
    await using cam = await openCam(oracleHead());
    await using backward = await openVgg16Backward({ weights, rule, threads: 2 });
    const rows = readOracleTensors('cam-pool5-rows.safetensors');

    for (const { image, input_gradient: oracle } of images) {
      const upstream = await cam.gradient({ rows: rows.get(image) ?? new Float32Array(), target: [0, 1] });
      const png = readFileSync(path.join(shared ?? '', 'oracles', 'features', 'prepared', `${image}.prepared.png`));
      const { gradient } = await backward.inputGradient(await readPrepared(png), upstream);

      const expected = oracle[`head_logit1/${name}`];
      if (expected === undefined) throw new Error(`the oracle has no ${name} of ${image}`);
      const sums = gradient.reduce(
        ({ sum, absolute, squares }, value) => ({
          sum: sum + value,
          absolute: absolute + Math.abs(value),
          squares: squares + value * value,
        }),
        { sum: 0, absolute: 0, squares: 0 },
      );
      // The plain sum cancels: its tolerance is of the sum of absolute values.
      expect(Math.abs(sums.sum - expected.sum) / expected.abs_sum, image).toBeLessThan(1e-3);
      expect(Math.abs(sums.absolute / expected.abs_sum - 1), image).toBeLessThan(1e-3);
      expect(Math.abs(Math.sqrt(sums.squares) / expected.l2 - 1), image).toBeLessThan(1e-3);
      const largest = Math.abs(expected.largest10[0]?.[1] ?? 0);
      for (const [index, value] of expected.largest10)
        expect(Math.abs((gradient[index] ?? 0) - value) / largest, `${image} ${index}`).toBeLessThan(1e-3);
    }
  });
});
