import { expect, test } from 'vitest';
import { describeAudit } from './audit.js';

test('an audit is told as a table, a sentence for each check, the verdict and the notice', () => {
  const text = describeAudit({
    kind: 'audit',
    task: 'nodule',
    head: 'seed-ensemble',
    synthetic: true,
    images: 128,
    patients: 128,
    auc: { value: 0.716, low: 0.62, high: 0.8 },
    checks: [
      {
        check: 'grey-statistics',
        about: '15 numbers',
        images: 128,
        auc: { value: 0.672, low: 0.57, high: 0.76 },
        gain: { value: 0.044, low: -0.03, high: 0.118 },
        finding: 'suspect',
        sentence: 'Grey statistics alone reach AUC 0.672.',
      },
    ],
    verdict: 'NOT cleared.',
    notice: 'Research use only; not a medical device',
  });

  expect(text).toContain('nodule, seed-ensemble: AUC 0.716 [0.620, 0.800] on 128 tested images of 128 patients');
  expect(text).toContain('Synthetic images');
  expect(text).toMatch(/grey statistics\s+0\.672 \[0\.570, 0\.760\]\s+\+0\.044 \[-0\.030, \+0\.118\]\s+suspect/);
  expect(text).toMatch(/- Grey statistics alone[\s\S]*NOT cleared\.[\s\S]*Research use only; not a medical device$/);
});
