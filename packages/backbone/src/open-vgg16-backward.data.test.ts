import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { POOL5_LENGTH } from '@xvision/contracts';
import { readPrepared } from '@xvision/imaging';
import { sharedFolder } from '@xvision/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { acquireWeights } from './acquire-weights.js';
import { openVgg16Backward } from './open-vgg16-backward.js';
import { INPUT_LENGTH } from './vgg16-architecture.js';
import type { BackwardRule } from './vgg16-backward-graph.js';
import type { Vgg16Weights } from './weights.js';

const shared = sharedFolder();

interface OracleGradient {
  readonly sum: number;
  readonly abs_sum: number;
  readonly l2: number;
  readonly largest10: readonly (readonly [number, number])[];
}

interface OracleImage {
  readonly image: string;
  readonly onehot_index: number;
  readonly input_gradient: Readonly<Record<string, OracleGradient>>;
}

const rules: readonly (readonly [BackwardRule, string])[] = [
  ['gradient', 'vanilla'],
  ['guided-backprop', 'guided'],
  ['deconvnet', 'deconvnet'],
];

describe.skipIf(shared === undefined)('the backward pass of VGG16', { timeout: 240_000 }, () => {
  const oracles = path.join(shared ?? '', 'oracles');
  let weights: Vgg16Weights;
  let images: OracleImage[];
  let rgb: Uint8Array;
  let upstream: Float32Array;

  beforeAll(async () => {
    const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    weights = await acquireWeights({ file, cacheDir: '/nonexistent' });
    const cam = JSON.parse(await readFile(path.join(oracles, 'explanations', 'cam.json'), 'utf8')) as {
      images: OracleImage[];
    };
    images = cam.images;
    rgb = new Uint8Array(images.length * INPUT_LENGTH);
    upstream = new Float32Array(images.length * POOL5_LENGTH);
    for (const [index, { image, onehot_index: largest }] of images.entries()) {
      const png = await readFile(path.join(oracles, 'features', 'prepared', `${image}.prepared.png`));
      rgb.set(await readPrepared(png), index * INPUT_LENGTH);
      upstream[index * POOL5_LENGTH + largest] = 1;
    }
  });

  test.each(rules)('%s from the largest pool5 value equals torch’s, in a batch', async (rule, name) => {
    await using backward = await openVgg16Backward({ weights, rule, threads: 2 });

    const { gradient } = await backward.inputGradient(rgb, upstream);

    for (const [index, { image, input_gradient: expected }] of images.entries()) {
      const own = gradient.subarray(index * INPUT_LENGTH, (index + 1) * INPUT_LENGTH);
      expect(faultOf(own, expected[`onehot_max/${name}`]), `${image} ${rule}`).toBeUndefined();
    }
  });

  test('an upstream of other images than the pixels is refused', async () => {
    await using backward = await openVgg16Backward({ weights, rule: 'gradient' });

    await expect(backward.inputGradient(rgb, new Float32Array(3))).rejects.toThrow('are not of the same images');
  });
});

/** Values within 1e-3 of the largest one, the sum (which cancels) within 1e-3 of the sum of absolute values. */
function faultOf(gradient: Float32Array, expected: OracleGradient | undefined): string | undefined {
  if (expected === undefined) return 'no oracle';
  let sum = 0;
  let absolute = 0;
  let squares = 0;
  for (const value of gradient) {
    sum += value;
    absolute += Math.abs(value);
    squares += value * value;
  }
  if (Math.abs(sum - expected.sum) > 1e-3 * expected.abs_sum) return `sum ${sum}, expected ${expected.sum}`;
  if (Math.abs(absolute / expected.abs_sum - 1) > 1e-3) return `absolute ${absolute}, expected ${expected.abs_sum}`;
  if (Math.abs(Math.sqrt(squares) / expected.l2 - 1) > 1e-3) return `l2 ${Math.sqrt(squares)}, expected ${expected.l2}`;
  const largest = Math.abs(expected.largest10[0]?.[1] ?? 0);
  for (const [index, value] of expected.largest10) {
    if (Math.abs((gradient[index] ?? 0) - value) > 1e-3 * largest) return `${index}: ${gradient[index]}, not ${value}`;
  }
  return undefined;
}
