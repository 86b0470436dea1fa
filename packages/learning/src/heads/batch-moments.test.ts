import { describe, expect, test } from 'vitest';
import type { DeferredTensor } from '../saved/safetensors.js';
import { setRow, sharedRows } from '../training/shared-rows.js';
import { openBatchMoments } from './batch-moments.js';
import { HIDDEN } from './dual-state.js';

const WIDTH = 3;
const wave = (length: number, phase: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7 + phase));
const tensors: DeferredTensor[] = Object.entries({
  firstWeights: wave(WIDTH * HIDDEN, 1),
  secondWeights: wave(HIDDEN * HIDDEN, 2),
  // Small, so that no probability is rounded to 0 or 1.
  outputWeights: wave(HIDDEN * 2, 3).map((value) => value / 100),
  outputBias: wave(2, 4),
  firstGain: wave(HIDDEN, 5),
  firstShift: wave(HIDDEN, 6),
  secondGain: wave(HIDDEN, 7),
  secondShift: wave(HIDDEN, 8),
}).map(([part, values]) => ({ name: `member.0.${part}`, dims: [values.length], type: 'F32', pieces: () => [values] }));

const rows = sharedRows(7, WIDTH);
for (let n = 0; n < 7; n += 1) setRow(rows, n, { values: wave(WIDTH, n * n), name: `row ${n}` });

async function score(places: readonly number[], batchSize: number): Promise<number[]> {
  await using scorer = await openBatchMoments(2);
  return [...(await scorer.score(tensors, { rows, places: Int32Array.from(places), batchSize }))];
}

describe('scores by the moments of the test batch, as published', () => {
  test('depend on the batch mates, not on their order', async () => {
    const [first] = await score([0, 1, 2], 3);
    const [, , again] = await score([1, 0, 2], 3);
    const [other] = await score([0, 3, 4], 3);

    expect(again).toBeCloseTo(first ?? 0, 5);
    expect(Math.abs((other ?? 0) - (first ?? 0))).toBeGreaterThan(1e-3);
  });

  test('of an image that is left over alone are the same whatever it shows', async () => {
    const three = await score([0, 1, 2, 5], 3);
    const four = await score([0, 1, 2, 6], 3);

    expect(three.slice(6)).toEqual(four.slice(6));
  });

  test('of a head without its weights are refused', async () => {
    await using scorer = await openBatchMoments(2);

    await expect(scorer.score([], { rows, places: Int32Array.of(0), batchSize: 1 })).rejects.toThrow('no firstWeights');
  });
});
