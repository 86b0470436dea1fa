import { describe, expect, test } from 'vitest';
import { RETRY_DELAYS_MS, retryDelay } from './retry-delays.js';

describe('retryDelay', () => {
  test.each([
    [1, 5_000],
    [2, 30_000],
    [3, 120_000],
    [4, 600_000],
    [7, 600_000],
  ])('after attempt %i a message waits %i ms, a fifth more or less', (attempt, expected) => {
    expect(retryDelay(attempt, RETRY_DELAYS_MS, 0.5)).toBe(expected);
    expect(retryDelay(attempt, RETRY_DELAYS_MS, 0)).toBe(expected * 0.8);
    expect(retryDelay(attempt, RETRY_DELAYS_MS, 0.999_999_9)).toBeCloseTo(expected * 1.2, -1);
  });
});
