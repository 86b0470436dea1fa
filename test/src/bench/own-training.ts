import { createHash } from 'node:crypto';
import {
  NEVER_TESTED,
  openTrainingPool,
  planOf,
  saveTrainingState,
  trainHead,
  writeSafetensors,
} from '@xvision/learning';
import { randomRows } from './feature-rows.js';
import { serveTraining } from './serve-training.js';
import { labelsOf, SETTINGS } from './training-data.js';

/**
 * Our side: from rows in memory to the model as the trainer makes it: products, epochs with a checkpoint made after
 * each, the final first layer, the model's bytes and their hash. Arguments: images, threads.
 */
const [count = 0, threads = 1] = process.argv.slice(2).map(Number);
await using pool = openTrainingPool({ threads });
const request = {
  rows: randomRows(count),
  labels: labelsOf(count),
  classes: 2,
  plan: planOf([new Int16Array(count).fill(NEVER_TESTED)]),
};

await serveTraining('Xvision', async (epochs) => {
  const settings = { ...SETTINGS, epochs };
  const head = await trainHead(
    pool,
    { ...request, settings },
    { onEpoch: async (_, state) => void (await saveTrainingState(state)) },
  );
  const hash = createHash('sha256');
  for await (const piece of writeSafetensors(head.tensors)) hash.update(piece);
  return { losses: head.losses[0] ?? [] };
});
