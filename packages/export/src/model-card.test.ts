import { type Model, type RunReport, runSettingsSchema } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { CLAIM_2024, TRIPOD_AI } from './checklists.js';
import { modelCard } from './model-card.js';
import { type ModelFacts, NO_LICENCE } from './model-facts.js';

const id = '0199c7e2-6f6e-7000-8000-000000000000';
const hash = 'a'.repeat(64);
const estimate = { value: 0.72, low: 0.66, high: 0.78 };

const report: RunReport = {
  run: id,
  model: id,
  task: 'nodule',
  synthetic: false,
  engine: 'onnx-cpu (test)',
  weights: hash,
  untrainedBackbone: false,
  head: 'seed-mlp',
  seed: 1,
  dataset: hash,
  counts: { collected: 12, prepared: 11, rejected: 1, extracted: 11, train: 11, test: 11 },
  metrics: {
    auc: estimate,
    withinFoldAuc: 0.71,
    accuracy: estimate,
    brier: estimate,
    classes: ['normal', 'nodule'],
    confusion: [
      [4, 1],
      [2, 4],
    ],
    perClass: [
      {
        label: 'nodule',
        precision: estimate,
        recall: { value: null, low: null, high: null },
        f1: estimate,
        support: 6,
      },
    ],
    baseline: { auc: estimate, gain: estimate, verdict: 'the gain cannot be told from zero' },
    warnings: ['few patients: 11'],
  },
  notice: 'Research use only; not a medical device',
};

const classes = ['normal', 'nodule'].map((name) => ({ name, rule: { kind: 'label-only' as const } }));
const settings = runSettingsSchema.parse({ task: { name: 'nodule', classes }, collections: [id], head: 'seed-mlp' });
const hyperParameters = { seed: 1, epochs: 20, batchSize: 20, learningRate: 0.01, momentum: 0, weightDecay: 0 };
const head = {
  format: 'xvision-head-1',
  head: 'seed-mlp',
  classes: ['normal', 'nodule'],
  task: 'nodule',
  backbone: 'vgg16',
};
const features = {
  weights: hash,
  trainedBackbone: true,
  preprocessing: 'v1',
  numerics: 'float32',
  featureLength: 25_088,
};
const card = { ...head, ...features, hyperParameters, dataset: hash, synthetic: false, sha256: hash };
const createdAt = '2026-01-01T00:00:00.000Z';
const model: Model = {
  profile: null,
  id,
  sha256: hash,
  dataset: hash,
  runId: id,
  task: 'nodule',
  synthetic: false,
  untrainedBackbone: false,
  card,
  stage: 'none',
  promotedBy: null,
  promotedAt: null,
  createdAt,
};
const run = { id, task: 'nodule', settings };

function someFacts(change: Partial<ModelFacts> = {}): ModelFacts {
  return {
    model,
    run,
    report,
    images: 11,
    patients: 10,
    views: new Map([['frontal', 11]]),
    collections: new Map([['folder/a|b', 11]]),
    licences: new Map([
      ['CC BY 4.0', 9],
      [NO_LICENCE, 2],
    ]),
    classes: new Map([
      ['normal', 5],
      ['nodule', 6],
    ]),
    ...change,
  };
}

describe('the model card', () => {
  const text = modelCard(someFacts());

  test.each([
    'Research use only; not a medical device',
    '| patients | 10 |',
    '| per class | 5 normal, 6 nodule |',
    '| licences | 9 CC BY 4.0, 2 not recorded |',
    'find out the licence of 2 images',
    '| AUC | 0.720 [0.660, 0.780] |',
    '| nodule: recall | not defined by these data of 6 |',
    '| verdict | the gain cannot be told from zero |',
    '- few patients: 11',
    '5-fold cross-validation by patient',
    'SGD, 20 epochs',
  ])('says: %s', (words) => {
    expect(text).toContain(words);
  });

  test('every item of both checklists stands once, answered or open', () => {
    for (const [item, subject] of [...CLAIM_2024, ...TRIPOD_AI]) {
      const lines = text
        .split('\n')
        .filter((line) => line.startsWith(`| ${item} ${subject} |`) || line === `- [ ] ${item} ${subject}`);
      expect(lines.length, `${item} ${subject}`).toBe(1);
    }
    expect(CLAIM_2024).toHaveLength(44);
    expect(TRIPOD_AI).toHaveLength(27);
  });

  test('a name cannot break its table', () => {
    expect(text).toContain('11 folder/a\\|b');
  });

  test.each([
    ['script', '<script>alert(1)</script>', '&lt;script>alert(1)&lt;/script>'],
    ['a link', '[press me](javascript:alert(1))', '[press me]\\(javascript:alert(1))'],
    ['a picture from elsewhere', '![x](https://example.org/x.png)', '![x]\\(https://example.org/x.png)'],
    ['where a link leads', '[x]: https://example.org', '[x]\\: https://example.org'],
    ['code', '`rm -rf`', '\\`rm -rf\\`'],
    ['a cell ended behind its own escape', 'a\\| b', 'a\\\\\\| b'],
    ['a heading of its own', 'x\n# Approved', 'x # Approved'],
  ])('%s in a class, a warning or the name of a collection stays text', (_what, hostile, asText) => {
    const [other, one] = classes;
    if (other === undefined || one === undefined) throw new Error('there are two classes');
    const task = { ...settings.task, classes: [other, { ...one, name: hostile }] };
    const metrics = {
      ...report.metrics,
      warnings: [hostile],
      perClass: [{ ...report.metrics.perClass[0], label: hostile }],
    };
    const card = modelCard(
      someFacts({
        run: { ...run, settings: { ...settings, task } },
        report: { ...report, metrics: metrics as RunReport['metrics'] },
        collections: new Map([[`folder/${hostile}`, 11]]),
        licences: new Map([[hostile, 11]]),
        classes: new Map([[hostile, 6]]),
      }),
    );

    expect(card).not.toContain(hostile);
    expect(card).toContain(`Tells normal from ${asText} on chest radiographs.`);
    expect(card).toContain(`| collections | 11 folder/${asText} |`);
    expect(card).toContain(`\n- ${asText}\n`);
    expect(card).toContain(`| ${asText}: precision |`);
  });

  test('says how a probability is read: temperature, operating point, and what gets no score', () => {
    const profile = {
      temperature: 1.25,
      uncalibrated: null,
      operatingPoint: {
        rule: 'youden' as const,
        class: 'nodule',
        threshold: 0.4,
        sensitivity: estimate,
        specificity: estimate,
      },
      images: 11,
      guard: null,
      views: [],
    };

    expect(text).toContain('the model is not evaluated yet');
    const scores = modelCard(someFacts({ model: { ...model, profile } }))
      .split('\n## ')
      .find((one) => one.startsWith('Scores'));
    expect(scores).toContain('| temperature | 1.250 |');
    expect(scores).toContain('nodule from a calibrated probability of 0.400 (youden)');
    expect(scores).toContain('| sensitivity there | 0.720 [0.660, 0.780] |');
  });

  test('synthetic data and an untrained backbone are told at the top', () => {
    const marked = modelCard(someFacts({ model: { ...model, synthetic: true, untrainedBackbone: true } }));

    expect(marked.split('\n## ')[0]).toMatch(/SYNTHETIC DATA[\s\S]*UNTRAINED BACKBONE/);
  });
});
