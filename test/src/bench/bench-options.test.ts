import { describe, expect, test } from 'vitest';
import { readOptions } from './bench-options.js';

const known = ['relay', 'memory'];

describe('the options of the bench', () => {
  test('without any, everything runs for five rounds', () => {
    expect(readOptions([], known)).toMatchObject({ only: [], rounds: 5, quick: false });
  });

  test('--quick takes fewer rounds unless told', () => {
    expect(readOptions(['--quick'], known).rounds).toBe(2);
    expect(readOptions(['--quick', '--rounds', '7'], known).rounds).toBe(7);
  });

  test('an unknown bench is refused with the names there are', () => {
    expect(() => readOptions(['--only', 'relais'], known)).toThrow(
      'there is no bench "relais"; there are: relay, memory',
    );
  });

  test('rounds are a whole number from 1 on', () => {
    expect(() => readOptions(['--rounds', '0'], known)).toThrow('--rounds is a whole number from 1 on, not "0"');
  });
});
