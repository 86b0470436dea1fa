import { expect, test } from 'vitest';
import { describeExternal } from './external-report.js';

test('an external set is told with what was left out, the numbers and the plain sentence', () => {
  const estimate = { value: 0.7, low: 0.6, high: 0.8 };
  const text = describeExternal({
    kind: 'external',
    task: 'nodule',
    head: 'logistic',
    synthetic: false,
    collection: 'other-hospital',
    images: 40,
    patients: 38,
    excluded: { rejected: 0, unextracted: 0, otherPreprocessing: 0, otherView: 3, unlabelled: 0, trainedOn: 2 },
    unlike: 5,
    auc: estimate,
    internalAuc: estimate,
    accuracy: estimate,
    brier: estimate,
    calibrationError: 0.1,
    classes: ['normal', 'nodule'],
    confusion: [
      [1, 0],
      [0, 1],
    ],
    perClass: [],
    operatingPoint: { class: 'nodule', threshold: 0.4, sensitivity: estimate, specificity: estimate },
    sentence: 'It holds.',
    notice: 'Research use only; not a medical device',
  });

  expect(text).toContain('on other-hospital: 40 images of 38 patients; left out: 3 other view, 2 trained on');
  expect(text).toContain('5 of them are unlike the training images');
  expect(text).toMatch(/sensitivity from 0\.400\s+0\.700 \[0\.600, 0\.800\]/);
  expect(text).toMatch(/It holds\.[\s\S]*Research use only; not a medical device$/);
});
