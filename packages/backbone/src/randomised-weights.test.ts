import { expect, test } from 'vitest';
import { randomisedFromTop } from './randomised-weights.js';
import { untrainedWeights } from './untrained-weights.js';
import { layersOf } from './weights.js';

/** A fixed stream of numbers in [0, 1). */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test('the blocks next to the head lose the order of their values and keep the values; the others stay as they are', () => {
  const weights = untrainedWeights();

  const random = randomisedFromTop(weights, 2, numbers());

  const before = layersOf(weights.values);
  for (const [index, { layer, kernel }] of layersOf(random.values).entries()) {
    const own = before[index]?.kernel ?? new Float32Array();
    if (layer.block <= 3)
      expect(
        kernel.every((value, place) => value === own[place]),
        layer.name,
      ).toBe(true);
    else {
      const moved = kernel.reduce((count, value, place) => count + (value === own[place] ? 0 : 1), 0);
      expect(moved / kernel.length, layer.name).toBeGreaterThan(0.99);
      const sum = (values: Float32Array) => values.reduce((total, value) => total + value * value, 0);
      expect(sum(kernel) / sum(own)).toBeCloseTo(1, 6);
    }
  }
  expect(random.trained).toBe(false);
  expect(random.identity).not.toBe(weights.identity);
});

test('more blocks than there are cannot be randomised', () => {
  expect(() => randomisedFromTop(untrainedWeights(), 6, numbers())).toThrow('VGG16 has 5 blocks');
});
