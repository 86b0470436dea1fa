import type { RunReport } from '@xvision/contracts';

/** For this package's tests: a report with everything in it, among it something that is not defined. */
export const aReport: RunReport = {
  run: '01995b5e-0000-7000-8000-000000000001',
  model: '01995b5e-0000-7000-8000-000000000002',
  task: 'nodule',
  synthetic: false,
  engine: 'onnx-cpu (onnxruntime-node 1.30.0)',
  weights: 'd9a27cc1fc7f975ef8cff49180e794ccd7c4bc868ebb49740803b3bbaa8dbefd',
  untrainedBackbone: false,
  head: 'seed-ensemble',
  seed: 1,
  dataset: 'a'.repeat(64),
  counts: { collected: 250, prepared: 244, rejected: 6, extracted: 244, train: 244, test: 244 },
  metrics: {
    auc: { value: 0.7163, low: 0.6512, high: 0.7751 },
    withinFoldAuc: 0.7204,
    accuracy: { value: 0.689, low: 0.628, high: 0.744 },
    brier: { value: 0.2391, low: 0.211, high: 0.268 },
    classes: ['normal', 'nodule'],
    confusion: [
      [48, 44],
      [32, 120],
    ],
    perClass: [
      {
        label: 'normal',
        precision: { value: 0.6, low: 0.49, high: 0.7 },
        recall: { value: 0.5217, low: 0.421, high: 0.621 },
        f1: { value: 0.558, low: 0.47, high: 0.64 },
        support: 92,
      },
      {
        label: 'nodule',
        precision: { value: null, low: null, high: null },
        recall: { value: 0.7895, low: 0.718, high: 0.847 },
        f1: { value: 0.76, low: 0.7, high: 0.81 },
        support: 152,
      },
    ],
    baseline: {
      auc: { value: 0.672, low: 0.607, high: 0.733 },
      gain: { value: 0.044, low: -0.03, high: 0.118 },
      verdict:
        '15 grey statistics of the picture, without any network, reach AUC 0.672 (95 % CI 0.607 to 0.733); the gain cannot be told from zero.',
    },
    warnings: ['The gain over 15 grey statistics without a network cannot be told from zero.'],
  },
  notice: 'Research use only; not a medical device',
};
