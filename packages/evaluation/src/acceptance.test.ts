import { expect, test } from 'vitest';
import { acceptance } from './acceptance.js';

test.each([
  [{ value: 0.001, low: -0.015, high: 0.016 }, true, 'all of it within ±0.02: accepted'],
  [{ value: 0.001, low: -0.025, high: 0.016 }, false, 'cannot show that it stays within ±0.02: NOT accepted'],
  [{ value: -0.05, low: -0.08, high: -0.03 }, false, 'more than ±0.02: NOT accepted'],
  [{ value: 0, low: null, high: null }, false, 'nothing is shown: NOT accepted'],
])(
  'an approximation is accepted only when its whole interval lies within the margin: %o',
  (difference, accepted, words) => {
    const verdict = acceptance(difference);

    expect(verdict.accepted).toBe(accepted);
    expect(verdict.sentence).toContain(words);
  },
);
