import { describe, expect, test } from 'vitest';
import { nearRows, normaliseRow } from './feature-pairs.js';

const WIDTH = 8;

/** Rows that repeat themselves, turned a little, after `period`: more of them than one block holds. */
function someRows(count: number, period: number): Float32Array {
  const values = new Float32Array(count * WIDTH);
  for (let row = 0; row < count; row += 1) {
    const own = Float32Array.from({ length: WIDTH }, (_, j) => Math.sin((row % period) * 12.9 + j * 78.2 + 1) ** 3);
    own[0] = (own[0] ?? 0) + row * 1e-5;
    normaliseRow(own);
    values.set(own, row * WIDTH);
  }
  return values;
}

describe('near feature rows', () => {
  test('are the pairs whose cosine is high enough, across blocks, each once', async () => {
    const values = someRows(600, 290);
    const cosine = (a: number, b: number) => {
      let sum = 0;
      for (let j = 0; j < WIDTH; j += 1) sum += (values[a * WIDTH + j] ?? 0) * (values[b * WIDTH + j] ?? 0);
      return sum;
    };
    const expected: string[] = [];
    for (let a = 0; a < 600; a += 1)
      for (let b = a + 1; b < 600; b += 1) if (cosine(a, b) >= 0.9999) expected.push(`${a} ${b}`);

    const found = await nearRows({ values, width: WIDTH }, { least: 0.9999, mayLeak: () => true });

    expect(expected.length).toBeGreaterThan(300);
    expect(found.map(({ first, second }) => `${first} ${second}`).sort()).toEqual(expected.sort());
  });

  test('a row of zeros stays one', () => {
    const row = new Float32Array(WIDTH);
    normaliseRow(row);
    expect([...row]).toEqual(Array.from({ length: WIDTH }, () => 0));
  });
});
