import { describe, expect, test } from 'vitest';
import { untrainedWeights } from './untrained-weights.js';
import { layersOf } from './weights.js';

describe('untrainedWeights', () => {
  const weights = untrainedWeights();

  test('are the same on every machine, under their own identity', () => {
    expect(weights.identity).toBe('6832ecac56bbb5d2292bc429e055c53a36822cf3cd231fa84247bab9a59cecc3');
    expect(weights.trained).toBe(false);
  });

  test('keep the variance of He 2015: 2 / fan-in, mean 0', () => {
    for (const { layer, kernel, bias } of layersOf(weights.values).slice(1)) {
      const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
      expect(variance * 9 * layer.inputs).toBeCloseTo(2, 1);
      expect(bias.every((value) => value === 0)).toBe(true);
    }
  });
});
