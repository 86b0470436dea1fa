import { expect, test } from 'vitest';
import { mapConcurrently } from './map-concurrently.js';

test('no more than the allowed number run at once, and results keep the order of the items', async () => {
  let running = 0;
  let most = 0;

  const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running--;
    return item * 10;
  });

  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test('a failure is thrown only after everything begun has ended', async () => {
  let ended = 0;
  const work = mapConcurrently([0, 1, 2, 3], 2, async (item) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    ended++;
    if (item === 0) throw new Error('the first fails');
  });

  await expect(work).rejects.toThrow('the first fails');
  expect(ended).toBe(4);
});
