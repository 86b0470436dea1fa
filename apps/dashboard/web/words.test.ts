import { describe, expect, test } from 'vitest';
import { ago, bounds, count, counted, decimal, few, interval, shortId, size, span } from './words.js';

describe('numbers', () => {
  test('an undefined value is a dash, never a zero', () => {
    expect(decimal(null)).toBe('—');
    expect(interval({ value: null, low: null, high: null })).toBe('—');
    expect(bounds({ value: 0.5, low: null, high: null })).toBe('not defined');
  });

  test('a value stands with its interval where there is one', () => {
    expect(interval({ value: 0.75, low: 0.64, high: 0.83 })).toBe('0.750 [0.640, 0.830]');
    expect(interval({ value: 0.75, low: null, high: null })).toBe('0.750');
    expect(count(1_234_567)).toBe('1,234,567');
  });
});

describe('times and sizes', () => {
  test.each([
    [250, '250 ms'],
    [12_500, '12.5 s'],
    [300_000, '5 min'],
    [10_800_000, '3 h'],
  ])('%d milliseconds are %s', (milliseconds, words) => {
    expect(span(milliseconds)).toBe(words);
  });

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [2_500_000_000, '2.5 GB'],
    [5e15, '5000.0 TB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(size(bytes)).toBe(words);
  });

  test('an age never runs backwards', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(ago(new Date(now + 5000).toISOString(), now)).toBe('0 s');
    expect(ago(new Date(now - 300_000).toISOString(), now)).toBe('5 min');
  });
});

test('ids of things that were made together are told apart', () => {
  expect(shortId('01a21a90-2c23-7136-bcc7-33e6ee1128a7')).toBe('ee1128a7');
});

test('of many names the first few are told, and how many more there are', () => {
  expect(few(['a', 'b'])).toBe('a, b');
  expect(few(Array.from({ length: 300 }, (_, n) => `c${n}`))).toBe('c0, c1, c2, c3, c4, c5 and 294 more');
});

test('one is one, and all others are many', () => {
  expect([counted(1, 'image'), counted('1', 'epoch'), counted(0, 'file'), counted('2,000', 'image')]).toEqual([
    '1 image',
    '1 epoch',
    '0 files',
    '2,000 images',
  ]);
});
