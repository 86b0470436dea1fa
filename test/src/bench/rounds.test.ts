import { describe, expect, test } from 'vitest';
import { interleave, ratiosOf, spreadOf } from './rounds.js';

describe('measuring side by side', () => {
  test('the sides take turns, and the first round is not counted', async () => {
    const order: string[] = [];
    const side = (name: string) => ({
      name,
      run: async () => {
        order.push(name);
        return 1;
      },
    });

    const results = await interleave([side('A'), side('B')], 2);

    expect(order).toEqual(['A', 'B', 'A', 'B', 'A', 'B']);
    expect(results.map(({ perSecond }) => perSecond.length)).toEqual([2, 2]);
  });

  test('a ratio is taken pair by pair, so a machine that slows down for both changes nothing', () => {
    expect(ratiosOf([10, 5, 2], [20, 10, 4])).toEqual([0.5, 0.5, 0.5]);
  });

  test('what a side prepares is not measured, and what it measured itself is taken', async () => {
    let prepared = 0;
    const side = {
      name: 'A',
      prepare: async () => void (prepared += 1),
      run: async () => ({ units: 10, seconds: 2, cpuSeconds: 5 }),
    };

    const [result] = await interleave([side], 1);

    expect(prepared).toBe(2);
    expect(result).toEqual({ name: 'A', perSecond: [5], cpuSeconds: [0.5] });
  });

  test('the median of an even number of rounds lies between the middle two', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1, high: 4 });
  });
});
