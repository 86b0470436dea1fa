import type { Model, ModelTrust } from '@xvision/contracts';
import {
  type Amount,
  type Answers,
  AT,
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

/** What the API tells of models. */
export function modelAnswers(amount: Amount): Answers {
  const { words } = amount;
  return [
    [
      /^\/api\/models$/,
      pageOf(
        many(amount, (n) => modelOf(amount, n), 500),
        further(amount),
      ),
    ],
    [/^\/api\/models\/[^/]+$/, modelOf(amount, 0)],
    [
      /^\/api\/models\/[^/]+\/promotions$/,
      pageOf(
        many(amount, (n) => ({
          id: idOf(n),
          modelId: THE_ID,
          stage: 'candidate',
          reason: words('it is better'),
          promotedBy: words('somebody'),
          createdAt: AT,
        })),
      ),
    ],
    [/^\/api\/models\/[^/]+\/trust-card$/, trustOf(amount)],
  ];
}

function modelOf(amount: Amount, n: number): Model {
  const { items, count, words } = amount;
  return {
    id: idOf(n),
    sha256: SHA,
    dataset: SHA,
    runId: items === 0 ? null : idOf(n),
    task: 'nodule',
    synthetic: true,
    untrainedBackbone: true,
    card: items === 0 ? {} : { head: 'seed-ensemble', words: words('a card'), more: n === 0 ? amount.report : '' },
    profile:
      items === 0
        ? null
        : {
            temperature: null,
            uncalibrated: words('too few images'),
            operatingPoint: {
              rule: 'youden',
              class: words('nodule'),
              threshold: 0.5,
              sensitivity: ESTIMATE,
              specificity: UNKNOWN,
            },
            images: count,
            guard: { sha256: SHA, images: count, leastP: 0.01 },
            views: ['frontal'],
          },
    stage: 'candidate',
    promotedBy: items === 0 ? null : words('somebody'),
    promotedAt: items === 0 ? null : AT,
    createdAt: AT,
  };
}

function trustOf({ items, words }: Amount): ModelTrust {
  const methods = ['grad-cam', 'hires-cam', 'gradient', 'occlusion'] as const;
  return {
    modelId: THE_ID,
    class: words('nodule'),
    unexplainable: items === 0 ? words('a logistic head has no maps') : null,
    verdicts: methods.slice(0, items).map((method) => ({
      method,
      verdict: 'untested',
      sentence: words('not evidence: nobody has tested it'),
      studyId: null,
      images: null,
      tests: [],
      cascade: [],
    })),
    notice: NOTICE,
  };
}
