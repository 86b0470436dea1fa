import { describe, expect, test } from 'vitest';
import { matrix, multiply, transpose } from '../heads/matrix.js';
import { randomStream } from '../random/random-stream.js';
import { logisticProbabilities, solveKernelLogistic } from './kernel-logistic.js';

/** n rows of d standard-ish numbers; the label follows the first column, with mistakes. */
function someRows(n: number, d: number, classes: number) {
  const random = randomStream('member', n, d, classes);
  const rows = matrix(
    n,
    d,
    Float64Array.from({ length: n * d }, () => (random() / 2 ** 32 - 0.5) * 3.46),
  );
  const labels = Int32Array.from({ length: n }, (_, i) => {
    const pull = (rows.values[i * d] ?? 0) + (random() / 2 ** 32 - 0.5);
    return classes === 2 ? (pull > 0 ? 1 : 0) : Math.floor(((pull + 2.3) / 4.6) * classes) % classes;
  });
  return { rows, labels: labels.map((label) => Math.max(0, label)) };
}

/** Gradient of the objective in the weights themselves, the textbook way. */
function primalGradient({ rows, labels }: ReturnType<typeof someRows>, classes: number, penalty: number) {
  const kernel = multiply(rows, transpose(rows)).values;
  const { coefficients, intercepts, iterations } = solveKernelLogistic({ kernel, labels, classes, penalty });
  const logits = intercepts.length;
  const weights = multiply(transpose(rows), matrix(rows.rows, logits, coefficients));
  const scores = multiply(rows, weights).values.map((value, i) => value + (intercepts[i % logits] ?? 0));
  const probabilities = logisticProbabilities(scores, classes);
  const residual = matrix(rows.rows, logits);
  labels.forEach((label, i) => {
    for (let k = 0; k < logits; k += 1) {
      const column = logits === 1 ? 1 : k;
      residual.values[i * logits + k] = (probabilities[i * classes + column] ?? 0) - (label === column ? 1 : 0);
    }
  });
  const pull = multiply(transpose(rows), residual);
  const gradient = weights.values.map((weight, i) => weight + penalty * (pull.values[i] ?? 0));
  const free = intercepts.map((_, k) => residual.values.reduce((sum, r, i) => sum + (i % logits === k ? r : 0), 0));
  return { gradient: Math.max(...gradient.map(Math.abs)), free: Math.max(...free.map(Math.abs)), iterations };
}

describe('logistic regression in the span of its rows', () => {
  test.each([
    ['two classes, fewer rows than features', 40, 300, 2, 0.01],
    ['two classes, hardly any shrinkage', 60, 20, 2, 10],
    ['two classes, strong shrinkage', 60, 20, 2, 1e-6],
    ['four classes', 80, 200, 4, 0.02],
  ] as const)('%s: the gradient of the textbook objective vanishes', (...[, n, d, classes, penalty]) => {
    const { gradient, free, iterations } = primalGradient(someRows(n, d, classes), classes, penalty);

    expect(gradient).toBeLessThan(1e-7 * Math.max(penalty, 1e-3));
    expect(free).toBeLessThan(1e-6);
    expect(iterations).toBeLessThan(30);
  });

  test('probabilities of each row sum to one, whatever the logits', () => {
    const p = logisticProbabilities(Float64Array.of(900, -900, 3), 3);
    const q = logisticProbabilities(Float64Array.of(-800), 2);

    expect([p[0], q[0], q[1]]).toEqual([1, 1, 0]);
  });
});
