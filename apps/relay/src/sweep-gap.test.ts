import { describe, expect, test } from 'vitest';
import { gapAfterSweep } from './sweep-gap.js';

describe('gapAfterSweep', () => {
  test('many small changes are swept together', () => {
    expect(gapAfterSweep(3)).toBe(200);
  });

  test('sweeping a large collection takes no more than a tenth of the time', () => {
    expect(gapAfterSweep(400)).toBe(4_000);
  });

  test('one sweep through which the machine slept, or that waited for a lock, keeps no run waiting for minutes', () => {
    expect(gapAfterSweep(22_000)).toBe(10_000);
  });
});
