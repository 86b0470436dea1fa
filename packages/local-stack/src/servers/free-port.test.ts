import { expect, test } from 'vitest';
import { freePort } from './free-port.js';

test('a port is given once: of three hundred asked for one after another no two are the same', async () => {
  const ports: number[] = [];
  for (let n = 0; n < 300; n += 1) ports.push(await freePort());

  expect(new Set(ports).size).toBe(ports.length);
});
