import { describe, expect, test } from 'vitest';
import { interleave, ratioOf, spreadOf } from './rounds.js';

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
    expect(ratioOf([10, 5, 2], [20, 10, 4])).toEqual({ median: 0.5, low: 0.5, high: 0.5 });
  });

  test('the median of an even number of rounds lies between the middle two', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1, high: 4 });
  });
});
