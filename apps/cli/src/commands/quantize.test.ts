import { expect, test } from 'vitest';
import { describeQuantized } from './quantize.js';

const estimate = { value: 0.7, low: 0.6, high: 0.8 };
const result = {
  kind: 'quantize' as const,
  task: 'nodule',
  head: 'logistic',
  synthetic: false,
  images: 244,
  calibrationImages: 64,
  numerics: `int8-${'a'.repeat(64)}`,
  featureShift: { median: 0.05, largest: 0.081 },
  floatAuc: estimate,
  int8Auc: estimate,
  difference: { value: 0.001, low: -0.01, high: 0.012 },
  margin: 0.02,
  accepted: true,
  calibration: 'b'.repeat(64),
  sentence: 'accepted.',
  notice: 'Research use only; not a medical device' as const,
};

test('an accepted int8 network is told with how to extract with it', () => {
  const text = describeQuantized(result);

  expect(text).toMatch(/int8 - float, paired\s+\+0\.001 \[-0\.010, \+0\.012\]/);
  expect(text).toContain('5.0 % (median), 8.1 % (largest)');
  expect(text).toContain(`INT8_CALIBRATION=${'b'.repeat(64)} xvision up`);
  expect(text).toMatch(/Research use only; not a medical device$/);
});

test('one that was not accepted cannot be extracted with', () => {
  expect(describeQuantized({ ...result, accepted: false, calibration: null })).not.toContain('INT8_CALIBRATION');
});
