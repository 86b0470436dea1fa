import { describe, expect, test } from 'vitest';
import { isAtLeast } from './nats-release.js';

describe('isAtLeast', () => {
  test.each([
    ['2.12.0', '2.12.0', true],
    ['2.15.1', '2.12.0', true],
    ['3.0.0', '2.12.0', true],
    ['2.11.16', '2.12.0', false],
    ['2.9.20', '2.12.0', false],
    ['2.12.0-RC.1', '2.12.0', true],
  ])('version %s is at least %s: %s', (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected);
  });
});
