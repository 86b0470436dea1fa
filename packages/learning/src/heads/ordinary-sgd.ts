import { EPSILON } from './dual-state.js';
import { columnMeans, type Matrix, mapEntries, matrix, multiply, rowSoftmax, transpose } from './matrix.js';
import type { SgdSettings } from './training-settings.js';

/** The published network with its first layer written out: the textbook form, in float64 and plain loops. */
export interface OrdinaryNetwork {
  readonly firstWeights: Matrix;
  readonly secondWeights: Matrix;
  readonly outputWeights: Matrix;
  /** One row each. */
  readonly outputBias: Matrix;
  readonly firstGain: Matrix;
  readonly firstShift: Matrix;
  readonly secondGain: Matrix;
  readonly secondShift: Matrix;
}

type Name = keyof OrdinaryNetwork;
const DECAYED: ReadonlySet<Name> = new Set(['firstWeights', 'secondWeights', 'outputWeights']);

export interface OrdinaryEpoch {
  readonly rows: Matrix;
  readonly labels: Int32Array;
  readonly order: Int32Array;
  readonly batchSize: number;
  readonly settings: SgdSettings;
}

/** One epoch of SGD, changing the network and the velocities in place; returns the mean loss of its batches. */
export function ordinaryEpoch(network: OrdinaryNetwork, velocities: OrdinaryNetwork, epoch: OrdinaryEpoch): number {
  const { rows, labels, order, batchSize, settings } = epoch;
  const losses: number[] = [];
  for (let start = 0; start < order.length; start += batchSize) {
    const batch = order.subarray(start, start + batchSize);
    if (batch.length === 1) continue;
    const inputs = gather(rows, batch);
    const { gradients, loss } = differentiate(network, inputs, (row, label) => labels[batch[row] ?? 0] === label);
    losses.push(loss);
    for (const name of Object.keys(network) as Name[]) {
      const [weights, velocity, gradient] = [network[name].values, velocities[name].values, gradients[name].values];
      const decay = DECAYED.has(name) ? settings.weightDecay : 0;
      weights.forEach((weight, i) => {
        const moved = settings.momentum * (velocity[i] ?? 0) + (gradient[i] ?? 0) + decay * weight;
        velocity[i] = moved;
        weights[i] = weight - settings.learningRate * moved;
      });
    }
  }
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Velocities before the first step. */
export function restingVelocities(network: OrdinaryNetwork): OrdinaryNetwork {
  const entries = Object.entries(network) as [Name, Matrix][];
  return Object.fromEntries(entries.map(([name, { rows, columns }]) => [name, matrix(rows, columns)])) as never;
}

/** Probabilities of the test rows with the moments of the training rows, layer by layer. */
export function ordinaryProbabilities(network: OrdinaryNetwork, trained: Matrix, tested: Matrix): Matrix {
  const layer = ([train, test]: readonly [Matrix, Matrix], name: 'first' | 'second'): [Matrix, Matrix] => {
    const sums = multiply(train, network[`${name}Weights`]);
    const moments = momentsOf(sums);
    const affine = { gain: network[`${name}Gain`], shift: network[`${name}Shift`] };
    const testSums = multiply(test, network[`${name}Weights`]);
    return [normalise(sums, moments, affine).output, normalise(testSums, moments, affine).output];
  };
  const [, test] = layer(layer([trained, tested], 'first'), 'second');
  return rowSoftmax(addRow(multiply(test, network.outputWeights), network.outputBias));
}

interface Affine {
  readonly gain: Matrix;
  readonly shift: Matrix;
}

interface Normalised {
  readonly standard: Matrix;
  readonly inverse: Float64Array;
  readonly output: Matrix;
}

function differentiate(
  network: OrdinaryNetwork,
  inputs: Matrix,
  isLabel: (row: number, label: number) => boolean,
): { gradients: OrdinaryNetwork; loss: number } {
  const count = inputs.rows;
  const firstSums = multiply(inputs, network.firstWeights);
  const first = normalise(firstSums, momentsOf(firstSums), { gain: network.firstGain, shift: network.firstShift });
  const secondSums = multiply(first.output, network.secondWeights);
  const second = normalise(secondSums, momentsOf(secondSums), { gain: network.secondGain, shift: network.secondShift });
  const probabilities = rowSoftmax(addRow(multiply(second.output, network.outputWeights), network.outputBias));
  let loss = 0;
  const error = mapEntries(probabilities, (probability, label, row) => {
    const target = isLabel(row, label) ? 1 : 0;
    if (target === 1) loss -= Math.log(probability) / count;
    return (probability - target) / count;
  });
  const secondBack = normaliseBack(second, multiply(error, transpose(network.outputWeights)), network.secondGain);
  const firstBack = normaliseBack(
    first,
    multiply(secondBack.input, transpose(network.secondWeights)),
    network.firstGain,
  );
  return {
    loss,
    gradients: {
      firstWeights: multiply(transpose(inputs), firstBack.input),
      firstGain: firstBack.gain,
      firstShift: firstBack.shift,
      secondWeights: multiply(transpose(first.output), secondBack.input),
      secondGain: secondBack.gain,
      secondShift: secondBack.shift,
      outputWeights: multiply(transpose(second.output), error),
      outputBias: columnSums(error),
    },
  };
}

function momentsOf(sums: Matrix): { mean: Float64Array; variance: Float64Array } {
  const mean = columnMeans(sums);
  return { mean, variance: columnMeans(mapEntries(sums, (value, j) => (value - (mean[j] ?? 0)) ** 2)) };
}

function normalise(
  sums: Matrix,
  { mean, variance }: { mean: Float64Array; variance: Float64Array },
  { gain, shift }: Affine,
): Normalised {
  const inverse = variance.map((value) => 1 / Math.sqrt(value + EPSILON));
  const standard = mapEntries(sums, (value, j) => (value - (mean[j] ?? 0)) * (inverse[j] ?? 0));
  const output = mapEntries(standard, (value, j) =>
    Math.max(0, value * (gain.values[j] ?? 0) + (shift.values[j] ?? 0)),
  );
  return { standard, inverse, output };
}

function normaliseBack(
  { standard, inverse, output }: Normalised,
  upstream: Matrix,
  gain: Matrix,
): { input: Matrix; gain: Matrix; shift: Matrix } {
  const at = ({ values, columns }: Matrix, row: number, j: number): number => values[row * columns + j] ?? 0;
  const passed = mapEntries(upstream, (value, j, row) => (at(output, row, j) > 0 ? value : 0));
  const along = mapEntries(passed, (value, j, row) => value * at(standard, row, j));
  const [meanPassed, meanAlong] = [columnMeans(passed), columnMeans(along)];
  const input = mapEntries(passed, (value, j, row) => {
    const inner = value - (meanPassed[j] ?? 0) - at(standard, row, j) * (meanAlong[j] ?? 0);
    return (gain.values[j] ?? 0) * (inverse[j] ?? 0) * inner;
  });
  return { input, gain: columnSums(along), shift: columnSums(passed) };
}

function columnSums(values: Matrix): Matrix {
  return matrix(
    1,
    values.columns,
    columnMeans(values).map((mean) => mean * values.rows),
  );
}

function addRow(values: Matrix, row: Matrix): Matrix {
  return mapEntries(values, (value, j) => value + (row.values[j] ?? 0));
}

function gather({ columns, values }: Matrix, indices: Int32Array): Matrix {
  const result = matrix(indices.length, columns);
  indices.forEach((index, row) => {
    result.values.set(values.subarray(index * columns, (index + 1) * columns), row * columns);
  });
  return result;
}
