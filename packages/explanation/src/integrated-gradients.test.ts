import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { integratedGradients } from './integrated-gradients.js';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
const moderate = fc.float({ min: -4, max: 4, noNaN: true });
const pairs = fc.array(fc.tuple(moderate, moderate, moderate), { minLength: 1, maxLength: 20 });
const floats = (rows: readonly (readonly number[])[], column: number) =>
  Float32Array.from(rows, (row) => row[column] ?? 0);

describe('integrated gradients', () => {
  test('are complete: of a quadratic score they sum to f(x) - f(baseline), whatever the steps', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.integer({ min: 1, max: 9 }), async (rows, steps) => {
        const [input, baseline, factors] = [floats(rows, 0), floats(rows, 1), floats(rows, 2)];
        const total = (x: Float32Array) => sum(x.map((value, i) => value * (factors[i] ?? 0)));
        const score = (x: Float32Array) => total(x) ** 2;
        const gradientAt = async (x: Float32Array) => factors.map((factor) => 2 * total(x) * factor);

        const map = await integratedGradients({ input, baseline, steps, gradientAt });

        const size = 1 + score(input) + score(baseline) + sum(map.map(Math.abs));
        expect(Math.abs(sum(map) - (score(input) - score(baseline))) / size).toBeLessThan(1e-5);
      }),
    );
  });

  test('are complete up to the step width where the score bends, and more steps come nearer', async () => {
    const input = Float32Array.of(2, -1, 3);
    const baseline = new Float32Array(3);
    const score = (x: Float32Array) => Math.exp(sum(x) / 4) + Math.max(0, sum(x) - 1.3);
    const gradientAt = async (x: Float32Array) =>
      new Float32Array(3).fill(Math.exp(sum(x) / 4) / 4 + (sum(x) > 1.3 ? 1 : 0));
    const gap = async (steps: number) =>
      Math.abs(
        sum(await integratedGradients({ input, baseline, steps, gradientAt })) - (score(input) - score(baseline)),
      );

    expect(await gap(200)).toBeLessThan(0.02);
    expect(await gap(200)).toBeLessThan(await gap(2));
  });

  test('what does not differ from the baseline contributes nothing', async () => {
    const map = await integratedGradients({
      input: Float32Array.of(5, 1),
      baseline: Float32Array.of(5, 0),
      steps: 3,
      gradientAt: async () => Float32Array.of(9, 2),
    });

    expect([...map]).toEqual([0, 2]);
  });

  test('a baseline of another image size is refused', async () => {
    const request = { input: new Float32Array(3), steps: 2, gradientAt: async (x: Float32Array) => x };
    await expect(integratedGradients({ ...request, baseline: new Float32Array(2) })).rejects.toThrow('does not belong');
  });
});
