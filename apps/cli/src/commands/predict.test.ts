import { expect, test } from 'vitest';
import { describePredictions } from './predict.js';

const estimate = { value: 0.8, low: 0.7, high: 0.9 };
const scored = {
  file: 'a.png',
  probabilities: { normal: 0.25, nodule: 0.75 },
  uncalibrated: { normal: 0.1, nodule: 0.9 },
  decision: { class: 'nodule', called: true, threshold: 0.4, sensitivity: estimate, specificity: estimate },
  novelty: 0.5,
  caution: null,
};

test('a prediction is told with its reading, and how often that reading is right', () => {
  const text = describePredictions([
    scored,
    { ...scored, file: 'b.png', caution: 'the image is unlike the training images' },
    { file: 'c.png', abstained: 'the image is blank', reason: 'unfit' },
  ]);

  expect(text).toMatch(/a\.png\s+normal 0\.250 {3}nodule 0\.750\s+called nodule; likeness p 0\.500/);
  expect(text).toMatch(/b\.png.*CAUTION, not to be relied on: the image is unlike/);
  expect(text).toMatch(/c\.png\s+no score\s+the image is blank/);
  expect(text).toContain('finds 0.800 [0.700, 0.900] of the positives');
  expect(text).toMatch(/Research use only; not a medical device$/);
});

test('without an operating point or a guard nothing is claimed', () => {
  const text = describePredictions([{ ...scored, decision: null, novelty: null }]);

  expect(text).toContain('no operating point; likeness unknown');
  expect(text).not.toContain('validation images');
});
