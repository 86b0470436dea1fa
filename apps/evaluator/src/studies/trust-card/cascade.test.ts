import { expect, test } from 'vitest';
import { agreementOf, type MethodMaps, similaritiesOf } from './cascade.js';

const SIDE = 7;
const mapOf = (value: (cell: number) => number) => ({
  side: SIDE,
  values: Float32Array.from({ length: SIDE * SIDE }, (_, cell) => value(cell)),
});
const rising = mapOf((cell) => cell);
const falling = mapOf((cell) => -cell);
const other = mapOf((cell) => (cell * 17) % 49);

const maps = (changes: Partial<MethodMaps>): MethodMaps => ({ own: [rising], members: [], stages: [], ...changes });

test('single networks agree as every two of their maps do', () => {
  expect(agreementOf(maps({ members: [[rising], [rising]] }))).toEqual([1]);
  expect(agreementOf(maps({ members: [[rising], [falling]] }))[0]).toBeCloseTo(-1, 9);
  const [third = 0] = agreementOf(maps({ members: [[rising], [rising], [falling]] }));
  expect(third).toBeCloseTo((1 - 1 - 1) / 3, 9);
});

test('a map that is turned over by random weights is as much the same map as one that stays', () => {
  const stages = [{ stage: 'head', maps: [falling] }];

  const { similarities, cascade } = similaritiesOf(maps({ stages }));

  expect(similarities[0]).toBeCloseTo(1, 9);
  expect(cascade).toEqual([{ stage: 'head', correlation: expect.closeTo(1, 9), ssim: expect.any(Number) }]);
});

test('what decides is the more alike of the random head and the wholly random model, not what lies between', () => {
  const stage = (map: typeof rising) => ({ stage: 'x', maps: [map] });

  expect(similaritiesOf(maps({ stages: [stage(other), stage(rising), stage(other)] })).similarities[0]).toBeLessThan(
    0.5,
  );
  expect(similaritiesOf(maps({ stages: [stage(other), stage(rising)] })).similarities[0]).toBeCloseTo(1, 9);
});
