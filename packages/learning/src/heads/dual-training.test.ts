import { describe, expect, test } from 'vitest';
import { glorotUniform } from '../random/glorot.js';
import { randomStream } from '../random/random-stream.js';
import { initialState } from './dual-state.js';
import { bindProblem, DualEngine, stepKindOf } from './dual-training.js';
import { matrix, multiply, transpose } from './matrix.js';
import { type OrdinaryNetwork, ordinaryEpoch, ordinaryProbabilities, restingVelocities } from './ordinary-sgd.js';
import type { SgdSettings } from './training-settings.js';

const IMAGES = 151;
const INPUTS = 70;
const HIDDEN = 6;
const CLASSES = 3;
const EPOCHS = 20;
/** Seven batches of 20 and one of 11 an epoch, in two blocks. */
const BATCH = 20;

const random = randomStream('member', 1);
const rows = matrix(
  IMAGES,
  INPUTS,
  Float64Array.from({ length: IMAGES * INPUTS }, () => Math.max(0, random() / 2 ** 32 - 0.4)),
);
const labels = Int32Array.from({ length: IMAGES }, (_, index) => index % CLASSES);
const weights = {
  first: Float64Array.from(glorotUniform(INPUTS, HIDDEN, random)),
  second: Float64Array.from(glorotUniform(HIDDEN, HIDDEN, random)),
  output: Float64Array.from(glorotUniform(HIDDEN, CLASSES, random)),
};
const orderOf = (epoch: number) => Int32Array.from({ length: IMAGES }, (_, i) => (i * 7 + epoch * 3) % IMAGES);

function trainOrdinary(settings: SgdSettings) {
  const vector = (value: number) => matrix(1, HIDDEN, new Float64Array(HIDDEN).fill(value));
  const network: OrdinaryNetwork = {
    firstWeights: matrix(INPUTS, HIDDEN, weights.first.slice()),
    secondWeights: matrix(HIDDEN, HIDDEN, weights.second.slice()),
    outputWeights: matrix(HIDDEN, CLASSES, weights.output.slice()),
    outputBias: matrix(1, CLASSES),
    firstGain: vector(1),
    firstShift: vector(0),
    secondGain: vector(1),
    secondShift: vector(0),
  };
  const velocities = restingVelocities(network);
  const losses: number[] = [];
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const order = orderOf(epoch);
    losses.push(ordinaryEpoch(network, velocities, { rows, labels, order, batchSize: BATCH, settings }));
  }
  return { losses, network, probabilities: ordinaryProbabilities(network, rows, rows).values };
}

async function trainDual(settings: SgdSettings, epochsAtOnce = EPOCHS) {
  const kind = stepKindOf(settings);
  await using engine = await DualEngine.open({ hidden: HIDDEN, classes: CLASSES, kind, precision: 'float64' });
  const kernel = multiply(rows, transpose(rows)).values;
  const projection = multiply(rows, matrix(INPUTS, HIDDEN, weights.first)).values;
  const problem = bindProblem({ kernel, projection, labels }, { classes: CLASSES, settings, precision: 'float64' });
  const layers = { secondWeights: weights.second.slice(), outputWeights: weights.output.slice() };
  const orders = Array.from({ length: EPOCHS }, (_, epoch) => orderOf(epoch));
  let state = initialState(problem.shape, layers, { precision: 'float64', kind });
  const losses: number[] = [];
  for (let from = 0; from < EPOCHS; from += epochsAtOnce) {
    const some = orders.slice(from, from + epochsAtOnce);
    const done = await engine.epochs(problem, state, { orders: some, batchSize: BATCH });
    state = done.state;
    losses.push(...done.losses);
  }
  const { probabilities } = await engine.finish(problem, state, { kernel, projection });
  return { losses, state, probabilities };
}

const furthest = (left: ArrayLike<number>, right: ArrayLike<number>): number =>
  Math.max(...Array.from(left, (value, index) => Math.abs(value - (right[index] ?? Number.NaN))));

describe('the dual form is the ordinary algorithm', () => {
  test.each([
    ['plain SGD', { learningRate: 0.05, momentum: 0, weightDecay: 0 }],
    ['momentum', { learningRate: 0.02, momentum: 0.9, weightDecay: 0 }],
    ['weight decay', { learningRate: 0.05, momentum: 0, weightDecay: 0.05 }],
    ['both', { learningRate: 0.02, momentum: 0.8, weightDecay: 0.02 }],
  ])('%s: losses, probabilities and the first layer agree to 1e-9 after 20 epochs', async (_, settings) => {
    const ordinary = trainOrdinary(settings);

    const dual = await trainDual(settings);

    expect(furthest(dual.losses, ordinary.losses)).toBeLessThan(1e-9);
    expect(furthest(dual.probabilities, ordinary.probabilities)).toBeLessThan(1e-9);
    const moved = multiply(transpose(rows), matrix(IMAGES, HIDDEN, Float64Array.from(dual.state['span'] ?? [])));
    const scale = dual.state['scale']?.[0] ?? 1;
    const first = moved.values.map((value, index) => scale * (weights.first[index] ?? 0) + value);
    expect(furthest(first, ordinary.network.firstWeights.values)).toBeLessThan(1e-9);
    expect(furthest(dual.state['secondWeights'] ?? [], ordinary.network.secondWeights.values)).toBeLessThan(1e-9);
  });

  test.each([
    ['plain SGD', { learningRate: 0.05, momentum: 0, weightDecay: 0 }],
    ['momentum and weight decay', { learningRate: 0.02, momentum: 0.8, weightDecay: 0.02 }],
  ])(
    '%s: epochs computed one by one, as between checkpoints, give the same bits as all at once',
    async (_, settings) => {
      const together = await trainDual(settings);

      const oneByOne = await trainDual(settings, 1);

      expect(oneByOne).toEqual(together);
    },
  );

  test('weight decay that leaves nothing of the weights in a step is followed as well', async () => {
    const settings = { learningRate: 0.05, momentum: 0, weightDecay: 20 };
    const ordinary = trainOrdinary(settings);

    const dual = await trainDual(settings);

    expect(furthest(dual.losses, ordinary.losses)).toBeLessThan(1e-9);
  });
});
