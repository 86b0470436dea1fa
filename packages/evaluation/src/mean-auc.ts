import { rocAuc } from './roc.js';

/**
 * AUC of the last of two classes, or the mean of each against the rest, of probabilities [n, classes]; .5 for a class that
 * is not there. What sweeps choose by.
 */
export function meanAuc(labels: Int32Array, probabilities: Float64Array, classes: number): number {
  const positives = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const aucs = positives.map((positive) => {
    const scores = Float64Array.from(labels, (_, row) => probabilities[row * classes + positive] ?? 0);
    const truth = labels.map((label) => Number(label === positive));
    return rocAuc(truth, scores) ?? 0.5;
  });
  return aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
}
