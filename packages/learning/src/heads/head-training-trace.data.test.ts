import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialState } from './dual-state.js';
import { bindProblem, DualEngine } from './dual-training.js';
import { matrix, multiply, transpose } from './matrix.js';
import { type OrdinaryNetwork, ordinaryEpoch, ordinaryProbabilities, restingVelocities } from './ordinary-sgd.js';
import { initialOrdinaryState } from './ordinary-state.js';
import { OrdinaryEngine, type OrdinaryProblem } from './ordinary-training.js';
import { type Floats, floats, type Precision } from './precision.js';

const shared = sharedFolder();

interface Trace {
  n_train: number;
  hidden: number;
  batch: number;
  epochs: number;
  learning_rate: number;
  X: number[][];
  y: number[];
  order: number[];
  init: { W1: number[][]; W2: number[][]; W3: number[][] };
  expected: {
    mean_batch_loss_per_epoch: number[];
    prob1_train_set_moments_per_epoch: number[][];
    final: {
      W1_l2: number;
      W1_row0: number[];
      W2_row0: number[];
      W3: number[][];
      b3: number[];
      g1: number[];
      s2: number[];
    };
  };
}

const dense = (rows: number[][]) => matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()));
const largest = (got: ArrayLike<number>, wanted: number[]): number =>
  Math.max(...wanted.map((value, index) => Math.abs(value - got[index]!)));

describe.skipIf(shared === undefined)('the reference training', () => {
  let trace: Trace;
  beforeAll(async () => {
    const file = path.join(shared ?? '', 'oracles/training/head-training-trace.json');
    trace = JSON.parse(await readFile(file, 'utf8')) as Trace;
  });

  test('the ordinary form in float64 follows it to 1e-6', () => {
    const { X, y, n_train: trained, expected, init } = trace;
    const vector = (value: number) => matrix(1, trace.hidden, new Float64Array(trace.hidden).fill(value));
    const network: OrdinaryNetwork = {
      firstWeights: dense(init.W1),
      secondWeights: dense(init.W2),
      outputWeights: dense(init.W3),
      outputBias: matrix(1, 2),
      firstGain: vector(1),
      firstShift: vector(0),
      secondGain: vector(1),
      secondShift: vector(0),
    };
    const velocities = restingVelocities(network);
    const rows = dense(X.slice(0, trained));

    for (let epoch = 0; epoch < trace.epochs; epoch += 1) {
      const loss = ordinaryEpoch(network, velocities, {
        rows,
        labels: Int32Array.from(y),
        order: Int32Array.from(trace.order),
        batchSize: trace.batch,
        settings: { learningRate: trace.learning_rate, momentum: 0, weightDecay: 0 },
      });
      const probabilities = ordinaryProbabilities(network, rows, dense(X));

      expect(Math.abs(loss - expected.mean_batch_loss_per_epoch[epoch]!)).toBeLessThan(1e-6);
      const ofOne = probabilities.values.filter((_, index) => index % 2 === 1);
      expect(largest(ofOne, expected.prob1_train_set_moments_per_epoch[epoch]!)).toBeLessThan(1e-6);
    }
    expect(largest(network.firstWeights.values, expected.final.W1_row0)).toBeLessThan(1e-6);
  });

  test.each<[Precision, { loss: number; probability: number; weight: number }]>([
    ['float64', { loss: 1e-6, probability: 1e-6, weight: 1e-6 }],
    ['float32', { loss: 1e-4, probability: 1e-3, weight: 1e-3 }],
  ])('the dual form in %s follows it within its tolerance', async (precision, tolerance) => {
    const { X, y, n_train: trained, hidden, expected, init } = trace;
    const cast = (values: Float64Array): Floats => {
      const result = floats(precision, values.length);
      result.set(values);
      return result;
    };
    const rows = dense(X.slice(0, trained));
    const products = (some: typeof rows) => ({
      kernel: cast(multiply(some, transpose(rows)).values),
      projection: cast(multiply(some, dense(init.W1)).values),
    });
    const settings = { learningRate: trace.learning_rate, momentum: 0, weightDecay: 0 };
    const problem = bindProblem(
      { ...products(rows), labels: Int32Array.from(y.slice(0, trained)) },
      { classes: 2, settings, precision },
    );
    const layers = { secondWeights: cast(dense(init.W2).values), outputWeights: cast(dense(init.W3).values) };
    let state = initialState({ images: trained, hidden, classes: 2 }, layers, { precision, kind: 'plain' });
    await using engine = await DualEngine.open({ hidden, classes: 2, kind: 'plain', precision });

    for (let epoch = 0; epoch < trace.epochs; epoch += 1) {
      const orders = [Int32Array.from(trace.order)];
      const done = await engine.epochs(problem, state, { orders, batchSize: trace.batch });
      state = done.state;
      const wanted = expected.mean_batch_loss_per_epoch[epoch]!;
      const { probabilities } = await engine.finish(problem, state, products(dense(X)));

      expect(Math.abs(done.losses[0]! - wanted) / wanted).toBeLessThan(tolerance.loss);
      const ofOne = probabilities.filter((_, index) => index % 2 === 1);
      expect(largest(ofOne, expected.prob1_train_set_moments_per_epoch[epoch]!)).toBeLessThan(tolerance.probability);
    }

    const span = matrix(trained, hidden, Float64Array.from(state['span']!));
    const firstWeights = multiply(transpose(rows), span).values.map((moved, index) => init.W1.flat()[index]! + moved);
    expect(Math.abs(Math.hypot(...firstWeights) - expected.final.W1_l2)).toBeLessThan(tolerance.weight);
    expect(largest(firstWeights, expected.final.W1_row0)).toBeLessThan(tolerance.weight);
    expect(largest(state['secondWeights']!, expected.final.W2_row0)).toBeLessThan(tolerance.weight);
    expect(largest(state['outputWeights']!, expected.final.W3.flat())).toBeLessThan(tolerance.weight);
    expect(largest(state['outputBias']!, expected.final.b3)).toBeLessThan(tolerance.weight);
    expect(largest(state['firstGain']!, expected.final.g1)).toBeLessThan(tolerance.weight);
    expect(largest(state['secondShift']!, expected.final.s2)).toBeLessThan(tolerance.weight);
  });

  test('the ordinary form on TensorFlow.js follows it in float32', async () => {
    const { X, y, n_train: trained, hidden, expected, init } = trace;
    const flat = (rows: number[][]) => Float32Array.from(rows.flat());
    const rowsFrom = (first: number) => (indices: Int32Array) =>
      Float32Array.from(Array.from(indices).flatMap((index) => X[first + index] ?? []));
    const problem: OrdinaryProblem = {
      shape: { inputs: X[0]?.length ?? 0, hidden, classes: 2 },
      images: trained,
      rows: rowsFrom(0),
      labels: Int32Array.from(y.slice(0, trained)),
      settings: { learningRate: trace.learning_rate, momentum: 0, weightDecay: 0 },
    };
    const layers = { firstWeights: flat(init.W1), secondWeights: flat(init.W2), outputWeights: flat(init.W3) };
    let state: Readonly<Record<string, Float32Array>> = initialOrdinaryState(problem.shape, layers, {
      momentum: 0,
    });
    const engine = await OrdinaryEngine.open();

    for (let epoch = 0; epoch < trace.epochs; epoch += 1) {
      const done = engine.epoch(problem, state, { order: Int32Array.from(trace.order), batchSize: trace.batch });
      state = done.state;
      const wanted = expected.mean_batch_loss_per_epoch[epoch]!;
      const { probabilities } = engine.finish(problem, state, { count: X.length, rows: rowsFrom(0) });

      expect(Math.abs(done.loss - wanted) / wanted).toBeLessThan(1e-4);
      const ofOne = Array.from(probabilities).filter((_, index) => index % 2 === 1);
      expect(largest(ofOne, expected.prob1_train_set_moments_per_epoch[epoch]!)).toBeLessThan(1e-3);
    }
    expect(largest(state['firstWeights']!, expected.final.W1_row0)).toBeLessThan(1e-3);
    expect(largest(state['outputWeights']!, expected.final.W3.flat())).toBeLessThan(1e-3);
  });
});
