import type { ImageDetail, ImageSummary } from '@xvision/contracts';
import {
  type Amount,
  ANOTHER_ID,
  type Answers,
  AT,
  classesOf,
  further,
  idOf,
  many,
  NOTICE,
  pageOf,
  SHA,
  THE_ID,
} from './amount.js';

/** What the API tells of images. */
export function imageAnswers(amount: Amount): Answers {
  const { items, count, words } = amount;
  return [
    [
      /^\/api\/images$/,
      pageOf(
        many(amount, (n) => imageOf(amount, n), 120),
        further(amount),
      ),
    ],
    [/^\/api\/images\/count$/, { count: items === 0 ? 0 : count, exact: true }],
    [
      /^\/api\/images\/facets$/,
      {
        licences: many(amount, (n) => words(`licence ${n}`), 50),
        labels: many(amount, (n) => words(`label ${n}`), 2000),
      },
    ],
    [/^\/api\/images\/[^/]+$/, imageDetailOf(amount)],
    [/^\/api\/images\/[^/]+\/neighbours$/, { previous: null, next: items === 0 ? null : ANOTHER_ID }],
  ];
}

function imageOf({ words }: Amount, n: number): ImageSummary {
  return {
    id: idOf(n),
    collectionId: THE_ID,
    source: 'folder',
    file: words(`file ${n}`),
    view: 'frontal',
    synthetic: true,
    licence: words('a licence'),
    labels: { label: words('a label') },
    stage: n % 2 === 0 ? 'extracted' : 'rejected',
    preparedSha256: n % 2 === 0 ? SHA : null,
    rejection: n % 2 === 0 ? null : { reason: 'undecodable', message: words('broken') },
    standing: null,
    createdAt: AT,
  };
}

function imageDetailOf(amount: Amount): ImageDetail {
  const { items, count, words, report } = amount;
  const { standing: _, ...summary } = imageOf(amount, 0);
  const classes = classesOf(amount);
  const probabilities = Object.fromEntries(classes.map((name) => [name, 1 / classes.length]));
  return {
    ...summary,
    rejection: items === 0 ? { reason: 'undecodable', message: words('broken') } : null,
    patient: words('patient'),
    sourceUrl: words('https://example.org/'),
    report: items === 0 ? null : report,
    attributes: {},
    original: { sha256: SHA, mediaType: 'image/png', byteLength: count },
    prepared: items === 0 ? null : { sha256: SHA, preprocessing: words('nearest'), width: 2000, height: 2000 },
    features: Array.from({ length: Math.min(items, 50) }, (__, n) => ({
      sha256: String(n).padStart(64, '0'),
      backbone: 'vgg16-imagenet',
      weights: SHA,
      numerics: 'float32',
      engine: words('onnxruntime'),
      trained: false,
    })),
    standings: Array.from({ length: Math.min(items, 50) }, (__, n) => ({
      runId: idOf(n),
      modelId: idOf(n),
      class: classes[0] ?? '',
      split: 'test',
      folds: [0],
      probabilities,
      predicted: classes[1] ?? '',
      correct: false,
      ranges: null,
    })),
    predictions: Array.from({ length: Math.min(items, 50) }, (__, n) => ({
      jobId: idOf(n),
      modelId: idOf(n),
      probabilities: null,
      abstained: words('unlike the training images'),
    })),
    notice: NOTICE,
  };
}
