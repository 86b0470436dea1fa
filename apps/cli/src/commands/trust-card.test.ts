import type { TrustCardResult } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { describeTrustCard } from './trust-card.js';

const card: TrustCardResult = {
  kind: 'trust-card',
  task: 'nodule',
  head: 'seed-ensemble',
  class: 'nodule',
  synthetic: false,
  untrainedBackbone: false,
  images: 8,
  located: 152,
  methods: [
    {
      method: 'guided-backprop',
      verdict: 'failed',
      sentence: 'not evidence: guided-backprop failed randomisation',
      tests: [
        {
          test: 'randomisation',
          outcome: 'failed',
          value: { value: 0.81, low: 0.7, high: 0.92 },
          images: 8,
          criterion: 'below 0.5',
          sentence: 'With random weights the map stays much the same.',
        },
      ],
      cascade: [{ stage: 'head', correlation: 0.812, ssim: 0.634 }],
    },
  ],
  verdict: 'No method passed: no map of this model is evidence.',
  notice: 'Research use only; not a medical device',
};

describe('a trust card', () => {
  test('says on what it rests, each test with its interval, the cascade, the verdict and the notice', () => {
    const text = describeTrustCard(card);

    expect(text).toContain('the card rests on 8 images; the place of the finding is known of 152 images');
    expect(text).toContain('guided-backprop: failed');
    expect(text).toContain('0.810 [0.700, 0.920]');
    expect(text).toMatch(/head +0\.81 +0\.63/);
    expect(text).toContain('no map of this model is evidence');
    expect(text.endsWith('Research use only; not a medical device')).toBe(true);
  });

  test('of simulated images or an untrained backbone it says so first', () => {
    const text = describeTrustCard({ ...card, synthetic: true, untrainedBackbone: true });

    expect(text).toContain('SYNTHETIC');
    expect(text).toContain('UNTRAINED BACKBONE');
  });
});
