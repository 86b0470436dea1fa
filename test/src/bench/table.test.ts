import { describe, expect, test } from 'vitest';
import type { Measure } from './measure.js';
import { figure, renderTable } from './table.js';

const aMeasure = (changes: Partial<Measure> = {}): Measure => ({
  what: 'images a second',
  unit: 'x',
  spread: { median: 0.9123, low: 0.85, high: 0.97 },
  rounds: [0.85, 0.9123, 0.97],
  ...changes,
});

describe('the table of figures', () => {
  test('a figure beside its target says whether it is kept', () => {
    const measures = [aMeasure({ target: { atLeast: 0.85 } }), aMeasure({ target: { atMost: 0.9 } }), aMeasure()];

    const lines = renderTable([{ name: 'extraction', measures }]).split('\n');

    expect(lines.slice(2).map((line) => line.split('|').map((cell) => cell.trim()))).toEqual([
      ['', 'extraction', 'images a second', '0.912 x', '0.85 – 0.97', '≥ 0.85', 'yes', ''],
      ['', 'extraction', 'images a second', '0.912 x', '0.85 – 0.97', '≤ 0.9', 'NO', ''],
      ['', 'extraction', 'images a second', '0.912 x', '0.85 – 0.97', '', '', ''],
    ]);
  });

  test('notes stand below the table', () => {
    const text = renderTable([{ name: 'relay', measures: [aMeasure({ note: 'on one disk' })] }]);

    expect(text.split('\n').at(-1)).toBe('- images a second: on one disk');
  });

  test.each([
    [3210.7, '3,211'],
    [12.345, '12.3'],
    [0.5, '0.5'],
  ])('%d is written as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });
});
