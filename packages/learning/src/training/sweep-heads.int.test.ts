import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../random/random-stream.js';
import { stratifiedGroupFolds } from '../splits/stratified-group-folds.js';
import { type SharedRows, setRow, sharedRows } from './shared-rows.js';
import { type SweepRequest, sweepHeads } from './sweep-heads.js';
import type { FoldPlan } from './training-plan.js';
import { openTrainingPool, type TrainingPool } from './training-pool.js';
import type { HeadSettings, TestScores } from './training-request.js';

const WIDTH = 60;
const COUNT = 48;
const labels = Int32Array.from({ length: COUNT }, (_, index) => index % 2);
const members = Array.from(labels, (label, index) => ({ patient: `p${index}`, label }));
const plain: HeadSettings = {
  head: 'seed-mlp',
  seed: 1,
  epochs: 3,
  batchSize: 12,
  learningRate: 0.01,
  momentum: 0,
  weightDecay: 0,
};

function rowsOf(informative: boolean): SharedRows {
  const rows = sharedRows(COUNT, WIDTH);
  const random = randomStream('member', 9);
  for (let row = 0; row < COUNT; row += 1) {
    const pull = informative ? (labels[row] ?? 0) * 0.8 : 0;
    setRow(rows, row, {
      values: Float32Array.from({ length: WIDTH }, () => random() / 2 ** 32 + pull),
      name: `${row}`,
    });
  }
  return rows;
}

/** Share of right answers. */
function merit(truth: Int32Array, probabilities: Float64Array): number {
  return truth.filter((label, row) => (probabilities[row * 2 + 1] ?? 0) > 0.5 === (label === 1)).length / truth.length;
}

describe('a nested sweep', () => {
  let pool: TrainingPool;
  beforeAll(() => {
    pool = openTrainingPool({ threads: 2 });
  });
  afterAll(() => pool[Symbol.asyncDispose]());

  const request = (rows: SharedRows, settings: readonly HeadSettings[]): SweepRequest => ({
    rows,
    labels,
    classes: 2,
    folds: stratifiedGroupFolds(members, 4, 1),
    settings,
    merit,
  });

  test('chooses the setting that learns, and tests every image once with what was chosen without it', async () => {
    const lazy = { ...plain, learningRate: 1e-9, epochs: 1 };

    const result = await sweepHeads(pool, request(rowsOf(true), [lazy, { ...plain, epochs: 8 }]));

    expect(result.best).toBe(1);
    expect(result.chosen).toEqual([1, 1, 1, 1]);
    expect(result.merits[1]).toBeGreaterThan(result.merits[0] ?? 1);
    const tested = result.nested.flatMap(({ test: places }) => [...places]);
    expect(tested.sort((left, right) => left - right)).toEqual([...labels.keys()]);
  });

  test('inner networks see neither the fold that is judged nor the one that is chosen by', async () => {
    const folds = stratifiedGroupFolds(members, 4, 1);
    const plans: FoldPlan[] = [];
    const recall = async (_: number, plan: FoldPlan): Promise<undefined> => void plans.push(plan);

    await sweepHeads(pool, request(rowsOf(false), [plain]), { recall });

    expect(plans).toHaveLength(6 + 4);
    for (const { train, test: places } of plans) {
      const tested = new Set(Array.from(places, (place) => folds[place]));
      expect(Array.from(train).some((place) => tested.has(folds[place]))).toBe(false);
    }
  });

  test('a broken-off sweep goes on from what it kept, to the same result', async () => {
    const settings = [plain, { ...plain, momentum: 0.5 }];
    const rows = rowsOf(true);
    const kept = new Map<string, TestScores>();
    const wanted = await sweepHeads(pool, request(rows, settings), {
      keep: async (setting, scores) => void kept.set(`${setting} ${scores.fold}`, scores),
    });
    const half = new Map([...kept].slice(0, 10));
    let trained = 0;

    const resumed = await sweepHeads(pool, request(rows, settings), {
      recall: async (setting, { fold }) => half.get(`${setting} ${fold}`),
      keep: async () => void (trained += 1),
    });

    expect(resumed).toEqual(wanted);
    expect(trained).toBe(kept.size - half.size);
  });

  test('two folds are too few to nest', async () => {
    const two = { ...request(rowsOf(false), [plain]), folds: labels };

    await expect(sweepHeads(pool, two)).rejects.toThrow('at least 3 folds');
  });
});
