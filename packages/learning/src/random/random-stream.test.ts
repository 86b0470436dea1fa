import { expect, test } from 'vitest';
import { randomStream } from './random-stream.js';

test('numbers filled in at once are those of single calls, and the stream goes on behind them', () => {
  const [single, filled] = [randomStream('first-layer', 7, 1), randomStream('first-layer', 7, 1)];
  const wanted = Float32Array.from({ length: 3000 }, () => ((single() >>> 8) * 2 ** -24 * 2 - 1) * 0.1);

  const numbers = new Float32Array(3000);
  filled.fillUniform(numbers.subarray(0, 301), 0.1);
  filled.fillUniform(numbers.subarray(301), 0.1);

  expect(numbers).toEqual(wanted);
  expect(filled()).toBe(single());
});
