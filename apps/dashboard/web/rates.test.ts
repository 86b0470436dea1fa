import type { Pipeline } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { Rates } from './rates.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const stages = (done: number): Pipeline['stages'] => [
  { stage: 'collect', done, waiting: 0, failed: 0, oldestWaitingAt: null },
];

test('a rate is what came out in the last minute, and nothing while there is nothing to compare with', () => {
  const rates = new Rates();

  expect(rates.after({ at: at(0), stages: stages(10) }).get('collect')).toBeUndefined();
  expect(rates.after({ at: at(30), stages: stages(20) }).get('collect')).toBe(20);
  expect(rates.after({ at: at(60), stages: stages(20) }).get('collect')).toBe(10);
});

test('what is older than a minute is forgotten', () => {
  const rates = new Rates();
  rates.after({ at: at(0), stages: stages(0) });
  rates.after({ at: at(50), stages: stages(100) });

  expect(rates.after({ at: at(100), stages: stages(100) }).get('collect')).toBe(0);
});
