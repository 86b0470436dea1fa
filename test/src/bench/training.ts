import { createHash } from 'node:crypto';
import {
  NEVER_TESTED,
  openTrainingPool,
  planOf,
  saveTrainingState,
  type TrainingPool,
  type TrainingRequest,
  trainHead,
  writeSafetensors,
} from '@xvision/learning';
import { randomRows } from './feature-rows.js';
import type { Bench, BenchContext, Measure } from './measure.js';
import { openOrdinaryTraining } from './ordinary-training.js';
import { openOtherLibraries } from './other-library.js';
import { interleave, ratiosOf, type Side, spreadOf } from './rounds.js';

const EPOCHS = 20;
const BATCH = 20;
const LEARNING_RATE = 0.01;

interface Size {
  readonly count: number;
  /** Epochs of the ordinary form in a round: they cost the same each, so a few tell the cost of twenty. */
  readonly ordinaryEpochs: number;
  readonly seconds: number;
  readonly ratio: number;
}

const SIZES: readonly Size[] = [
  { count: 180, ordinaryEpochs: 4, seconds: 1, ratio: 20 },
  { count: 1000, ordinaryEpochs: 1, seconds: 5, ratio: 15 },
];

function requestFor(count: number): TrainingRequest {
  const settings = {
    head: 'seed-mlp',
    seed: 1,
    epochs: EPOCHS,
    batchSize: BATCH,
    learningRate: LEARNING_RATE,
  } as const;
  return {
    rows: randomRows(count),
    labels: Int32Array.from({ length: count }, (_, index) => index % 2),
    classes: 2,
    plan: planOf([new Int16Array(count).fill(NEVER_TESTED)]),
    settings: { ...settings, momentum: 0, weightDecay: 0 },
  };
}

/** Rows to model as the trainer does it: products, twenty epochs with a checkpoint after each, the model's bytes and their hash. */
async function trainOnce(pool: TrainingPool, request: TrainingRequest): Promise<void> {
  const head = await trainHead(pool, request, { onEpoch: async (_, state) => void (await saveTrainingState(state)) });
  const hash = createHash('sha256');
  for await (const piece of writeSafetensors(head.tensors)) hash.update(piece);
  const loss = head.losses[0]?.at(-1) ?? Number.NaN;
  if (!(loss < 0.5)) throw new Error(`the head did not learn: its last loss is ${loss}`);
}

async function compare(size: Size, { rounds, threads, quick, log }: BenchContext): Promise<Measure[]> {
  const { count } = size;
  const ordinaryEpochs = quick ? 1 : size.ordinaryEpochs;
  const request = requestFor(count);
  await using pool = openTrainingPool({ threads });
  const learning = { labels: request.labels, batchSize: BATCH, learningRate: LEARNING_RATE };
  await using ordinary = await openOrdinaryTraining(request.rows, learning);
  const others = await openOtherLibraries(count, BATCH);
  log(
    `N = ${count} against the ordinary form on onnxruntime-node${others.map(({ library }) => `, ${library}`).join('')}`,
  );

  const own: Side = {
    name: 'Xvision',
    run: async () => {
      await trainOnce(pool, request);
      return EPOCHS;
    },
  };
  const onnx: Side = {
    name: 'onnxruntime-node',
    run: async () => {
      for (let epoch = 0; epoch < ordinaryEpochs; epoch += 1) await ordinary.epoch();
      return ordinaryEpochs;
    },
  };
  const elsewhere = others.map((one): Side => ({ name: one.library, run: () => one.train(ordinaryEpochs) }));
  try {
    const [ours, ...ordinaries] = await interleave([own, onnx, ...elsewhere], rounds);
    return measuresOf(size, ours, ordinaries);
  } finally {
    for (const one of others) await one[Symbol.asyncDispose]();
  }
}

type Result = Awaited<ReturnType<typeof interleave>>[number];

function measuresOf(
  { count, seconds, ratio }: Size,
  ours: Result | undefined,
  ordinaries: readonly Result[],
): Measure[] {
  const took = (ours?.perSecond ?? []).map((epochsPerSecond) => EPOCHS / epochsPerSecond);
  const whole: Measure = {
    what: `${EPOCHS} epochs, N = ${count}`,
    unit: 's',
    spread: spreadOf(took),
    rounds: took,
    target: { atMost: seconds },
    note: 'from feature rows in memory to the model file: products, a checkpoint made after each epoch, final weights, hash',
  };
  const against = ordinaries.map(({ name, cpuSeconds }): Measure => {
    const times = ratiosOf(cpuSeconds, ours?.cpuSeconds ?? []);
    return {
      what: `CPU time of ordinary SGD in ${name} / ours, N = ${count}`,
      unit: 'x',
      spread: spreadOf(times),
      rounds: times,
      target: { atLeast: ratio },
    };
  });
  return [whole, ...against];
}

export const training: Bench = {
  name: 'training',
  about: 'the published head for 20 epochs, against the ordinary form in float32 (CPU time an epoch)',
  async run(context) {
    const measures: Measure[] = [];
    for (const size of SIZES) measures.push(...(await compare(size, context)));
    return measures;
  },
};
