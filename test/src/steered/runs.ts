import type { Run, RunComparison, RunCurves, RunLosses, RunReport } from '@xvision/contracts';
import {
  type Amount,
  ANOTHER_ID,
  type Answers,
  AT,
  classesOf,
  ESTIMATE,
  further,
  idOf,
  many,
  NOTICE,
  pageOf,
  SHA,
  THE_ID,
  UNKNOWN,
} from './amount.js';
import { taskOf } from './tasks.js';

/** What the API tells of runs. */
export function runAnswers(amount: Amount): Answers {
  return [
    [
      /^\/api\/runs$/,
      pageOf(
        many(amount, (n) => runOf(amount, n), 500),
        further(amount),
      ),
    ],
    [/^\/api\/runs\/facets$/, { tasks: many(amount, (n) => `task-${n}`), tags: many(amount, (n) => `t${n}`) }],
    [/^\/api\/runs\/[^/]+$/, runOf(amount, 0)],
    [/^\/api\/runs\/[^/]+\/losses$/, lossesOf(amount)],
    [/^\/api\/runs\/[^/]+\/curves$/, curvesOf(amount)],
    [/^\/api\/runs\/[^/]+\/subgroups$/, subgroupsOf(amount)],
    [/^\/api\/runs\/[^/]+\/mistakes$/, mistakesOf(amount)],
    [/^\/api\/runs\/[^/]+\/comparison\/[^/]+$/, comparisonOf(amount)],
  ];
}

function runOf(amount: Amount, n: number): Run {
  const { items, words } = amount;
  return {
    id: idOf(n),
    state: n === 1 ? 'training' : items === 0 ? 'waiting' : 'evaluated',
    task: 'nodule',
    settings: {
      task: taskOf(amount, 'nodule'),
      collections: [THE_ID],
      head: 'seed-ensemble',
      seed: 1,
      epochs: 20,
      batchSize: 20,
      learningRate: 0.01,
      momentum: 0,
      weightDecay: 0,
      allowUntrained: false,
      allowLeaks: false,
    },
    modelId: items === 0 ? null : THE_ID,
    message: items === 0 ? null : words('one of its services was started again'),
    synthetic: true,
    report: items === 0 ? null : reportOf(amount, n),
    note: items === 0 ? '' : words('a note'),
    tags: items === 0 ? [] : [`t${n}`, 'a-tag-of-forty-letters-digits-and-hyphens'],
    createdAt: AT,
    finishedAt: null,
  };
}

function reportOf(amount: Amount, n: number): RunReport {
  const { count, words } = amount;
  const classes = classesOf(amount);
  return {
    run: idOf(n),
    model: THE_ID,
    task: 'nodule',
    synthetic: true,
    engine: words('onnxruntime'),
    weights: SHA,
    untrainedBackbone: true,
    head: 'seed-ensemble',
    training: { form: 'dual', reason: words('fewer images than features'), engine: 'onnxruntime' },
    seed: 1,
    dataset: SHA,
    counts: { collected: count, prepared: count, rejected: count, extracted: count, train: count, test: count },
    metrics: {
      auc: ESTIMATE,
      withinFoldAuc: 0.7,
      accuracy: ESTIMATE,
      brier: ESTIMATE,
      classes,
      confusion: classes.map((_, truth) => classes.map((__, predicted) => (truth === predicted ? count : predicted))),
      perClass: classes.map((label) => ({ label, precision: ESTIMATE, recall: UNKNOWN, f1: ESTIMATE, support: count })),
      baseline: { auc: ESTIMATE, gain: ESTIMATE, verdict: words('no more than the grey values') },
      warnings: [words('few patients')],
    },
    notice: NOTICE,
  };
}

function lossesOf({ items, epochs }: Amount): RunLosses {
  if (items === 0) return { epochs: 0, deliveredDone: 0, items: [] };
  const points = Array.from({ length: epochs }, (_, n) => ({
    epoch: n + 1,
    delivered: 1 / (n + 1),
    folds: 1 / (n + 1),
  }));
  return { epochs, deliveredDone: epochs, items: points };
}

function curvesOf({ items, classes, count }: Amount): RunCurves {
  const two = items > 0 && classes === 2;
  const at = Array.from({ length: two ? 50 : 0 }, (_, n) => n / 49);
  return {
    run: THE_ID,
    positive: two ? 'nodule' : null,
    images: count,
    positives: Math.round(count / 2),
    operating: at.map((x) => ({ threshold: 1 - x, sensitivity: x, specificity: 1 - x, precision: 0.5 })),
    rocBand: at.map((x) => ({ falsePositiveRate: x, low: x / 2, high: x })),
    reliability: at.slice(0, 10).map((x) => ({
      low: x,
      high: x,
      n: 9,
      meanProbability: x,
      fractionPositive: x,
      interval: { low: x / 2, high: x },
    })),
    thresholds: at.map((x) => ({
      threshold: 1 - x,
      sensitivity: ESTIMATE,
      specificity: ESTIMATE,
      ppv: ESTIMATE,
      npv: UNKNOWN,
    })),
    notice: NOTICE,
  };
}

function subgroupsOf({ items, folds, count, words }: Amount) {
  const row = { images: count, patients: count, auc: ESTIMATE, accuracy: UNKNOWN };
  return {
    run: THE_ID,
    subgroups: Array.from({ length: Math.min(items, 100) }, (_, n) => ({
      ...row,
      by: 'view',
      group: words(`group ${n}`),
      sensitivity: ESTIMATE,
      specificity: ESTIMATE,
    })),
    folds: Array.from({ length: items === 0 ? 0 : folds }, (_, fold) => ({ ...row, repeat: 0, fold })),
    notice: NOTICE,
  };
}

function mistakesOf({ items, count, words }: Amount) {
  return {
    run: THE_ID,
    tested: count,
    wrong: items,
    items: Array.from({ length: Math.min(items, 24) }, (_, n) => ({
      imageId: idOf(n),
      file: words(`file ${n}`),
      truth: words('normal'),
      predicted: words('nodule'),
      probabilityOfTruth: 0.1,
      probabilityOfPredicted: 0.9,
    })),
    notice: NOTICE,
  };
}

function comparisonOf({ count, words }: Amount): RunComparison {
  const pair = { first: ESTIMATE, second: ESTIMATE, difference: ESTIMATE };
  const side = { task: 'nodule', head: 'seed-mlp', tested: count, synthetic: true, untrainedBackbone: false } as const;
  return {
    first: { run: THE_ID, ...side },
    second: { run: ANOTHER_ID, ...side },
    classes: ['normal', 'nodule'],
    images: count,
    patients: count,
    auc: pair,
    accuracy: pair,
    brier: pair,
    delong: null,
    mcNemar: null,
    sentence: words('these data support no difference'),
    notice: NOTICE,
  };
}
