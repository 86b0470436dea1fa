import { openVgg16Floats, untrainedWeights } from '@xvision/backbone';
import { seededRandom } from '@xvision/evaluation';
import type { HeadNetwork } from '@xvision/explanation';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ChosenImage } from './chosen-images.js';
import { stepsOfImage, testMethods } from './test-methods.js';
import type { TrustContext } from './trust-context.js';

const HIDDEN = 8;
const LENGTH = 25_088;
const SIDE = 224;

/** A small network; networks of the same number are the same. */
function aNetwork(number: number): HeadNetwork {
  const random = seededRandom(number);
  const values = (length: number) => Float32Array.from({ length }, () => random.uint32() / 2 ** 32 - 0.5);
  const all = (value: number) => new Float32Array(HIDDEN).fill(value);
  return {
    firstWeights: values(LENGTH * HIDDEN),
    secondWeights: values(HIDDEN * HIDDEN),
    outputWeights: values(HIDDEN * 2),
    outputBias: values(2),
    firstGain: all(1),
    firstShift: all(1),
    firstMean: all(0),
    firstVariance: all(1e6),
    secondGain: all(1),
    secondShift: all(1),
    secondMean: all(0),
    secondVariance: all(1),
  };
}

/** Noise with a bright square in a place of its own. */
function aPicture(number: number): Uint8Array {
  const random = seededRandom(number);
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, index) => {
    const [x, y] = [Math.floor(index / 3) % SIDE, Math.floor(index / 3 / SIDE)];
    const bright = Math.abs(x - 40 * number) < 20 && Math.abs(y - 30 * number) < 20;
    return (bright ? 180 : 60) + random.below(40);
  });
}

describe('the tests of a trust card', { timeout: 240_000 }, () => {
  const weights = untrainedWeights();
  let images: ChosenImage[];
  beforeAll(async () => {
    await using forward = await openVgg16Floats({ weights, threads: 2 });
    images = [];
    for (const number of [1, 2, 3, 4]) {
      const rgb = aPicture(number);
      const lesion = { x: 40 * number, y: 30 * number, radius: 20 };
      images.push({ file: `${number}.png`, rgb, row: await forward.pool5(Float32Array.from(rgb)), lesion });
    }
  }, 120_000);

  const context = (networks: readonly HeadNetwork[]): { context: TrustContext; steps: () => number } => {
    const random = seededRandom(5);
    let steps = 0;
    const step = () => void (steps += 1);
    const located = images.flatMap(({ row, lesion }) => (lesion === undefined ? [] : [{ row, lesion }]));
    const given = { networks, target: [-1, 1], weights, threads: 2, images, located, step };
    return { context: { ...given, random: () => random.uint32() / 2 ** 32 }, steps: () => steps };
  };

  test('every stage of the cascade, every test and its images are told; equal networks repeat', async () => {
    const equal = context([aNetwork(1), aNetwork(1)]);

    const [trust] = await testMethods(equal.context, ['hires-cam']);

    expect(trust?.cascade.map(({ stage }) => stage)).toEqual([
      'head',
      'head and blocks 5 to 5',
      'head and blocks 5 to 4',
      'head and blocks 5 to 3',
      'head and blocks 5 to 2',
      'head and blocks 5 to 1',
    ]);
    expect(trust?.tests.map(({ test }) => test)).toEqual([
      'randomisation',
      'repeatability',
      'deletion',
      'insertion',
      'pointing',
      'energy',
    ]);
    expect(trust?.tests.every((one) => one.images === 4)).toBe(true);
    expect(trust?.tests.find(({ test }) => test === 'repeatability')).toMatchObject({
      outcome: 'passed',
      value: { value: expect.closeTo(1, 6) },
    });
    // Progress is told against what was announced.
    expect(equal.steps()).toBe(4 * stepsOfImage(1, 2));
  });
});
