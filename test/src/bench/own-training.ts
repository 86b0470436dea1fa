import { createHash } from 'node:crypto';
import {
  NEVER_TESTED,
  openTrainingPool,
  planOf,
  saveTrainingState,
  type TrainingHooks,
  trainHead,
  writeSafetensors,
} from '@xvision/learning';
import { readRows } from './feature-rows.js';
import { serveTraining } from './serve-training.js';
import { labelsOf, SETTINGS } from './training-data.js';

/**
 * Our side, from rows in memory. `weights`: to the trained weights in memory, the first layer written out, which is where
 * the other libraries end. `file`: to the model as the trainer makes it, with a checkpoint made after each epoch, the
 * model's bytes and their hash. Arguments: file of rows, images, threads, how far.
 */
const [file = '', given = '', allowed = '', far = 'file'] = process.argv.slice(2);
const count = Number(given);
await using pool = openTrainingPool({ threads: Number(allowed) });
const request = {
  rows: await readRows(file, count),
  labels: labelsOf(count),
  classes: 2,
  plan: planOf([new Int16Array(count).fill(NEVER_TESTED)]),
};
const checkpoints: TrainingHooks = { onEpoch: async (_, state) => void (await saveTrainingState(state)) };

async function train(epochs: number): Promise<{ losses: readonly number[] }> {
  const asked = { ...request, settings: { ...SETTINGS, epochs } };
  const head = await trainHead(pool, asked, far === 'file' ? checkpoints : {});
  if (far === 'file') {
    const hash = createHash('sha256');
    for await (const piece of writeSafetensors(head.tensors)) hash.update(piece);
  } else {
    for (const { pieces } of head.tensors) await pieces();
  }
  return { losses: head.losses[0] ?? [] };
}

await serveTraining('Xvision', { train });
