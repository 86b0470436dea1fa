import { describe, expect, test } from 'vitest';
import { MicroBatcher } from './micro-batcher.js';

/** Doubles numbers when told to go on, and remembers the batches that it was given. */
function aGatedDoubler(): {
  readonly batches: number[][];
  readonly compute: (inputs: readonly number[]) => Promise<number[]>;
  readonly open: () => void;
} {
  const batches: number[][] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    batches,
    open,
    async compute(inputs) {
      batches.push([...inputs]);
      await gate;
      return inputs.map((input) => 2 * input);
    },
  };
}

describe('MicroBatcher', () => {
  test('a lone input goes at once, and what comes while the engine is busy goes together', async () => {
    const { batches, compute, open } = aGatedDoubler();
    const batcher = new MicroBatcher({ compute, maxBatch: 3 });

    const results = [1, 2, 3, 4, 5, 6].map((input) => batcher.compute(input));
    expect(batches).toEqual([[1], [2]]);
    open();

    expect(await Promise.all(results)).toEqual([2, 4, 6, 8, 10, 12]);
    expect(batches).toEqual([[1], [2], [3, 4, 5], [6]]);
  });

  test('one input that fails does not fail its mates', async () => {
    const compute = (inputs: readonly number[]): Promise<number[]> =>
      inputs.includes(4) ? Promise.reject(new Error('four')) : Promise.resolve([...inputs]);
    const batcher = new MicroBatcher({ compute, maxBatch: 8 });

    const results = await Promise.allSettled([1, 2, 3, 4, 5].map((input) => batcher.compute(input)));

    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  test('an engine that gives too few rows is not believed', async () => {
    const batcher = new MicroBatcher({ compute: () => Promise.resolve([]), maxBatch: 1 });

    await expect(batcher.compute(1)).rejects.toThrow('1 inputs went in and 0 rows came out');
  });
});
