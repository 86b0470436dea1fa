import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeRandomRows } from './feature-rows.js';
import type { Bench, BenchContext, Measure } from './measure.js';
import { radiographRows } from './radiograph-rows.js';
import { interleave, ratiosOf, type Side, type SideResult, spreadOf } from './rounds.js';
import { type GivenRows, SETTINGS, writeTrainingData } from './training-data.js';
import { openOtherSides, openOwnSide, openTextbookSide, type TrainingSide } from './training-side.js';

const EPOCHS = SETTINGS.epochs;
/** Trainings of ours before the clock starts: the JavaScript in them is compiled by the fifth. A first one takes twice the time. */
const TRAINED_BEFORE = 4;

interface Size {
  readonly count: number;
  /** Epochs of the ordinary form in a round. All but the first cost the same each, so a few tell the cost of twenty. */
  readonly ordinaryEpochs: number;
  readonly seconds: number;
  readonly ratio: number;
  /** Percent of the loss by which two courses in float32 may part; at 1,000 images any two libraries can (docs/bench.md). */
  readonly apart?: number;
}

const SIZES: readonly Size[] = [
  { count: 180, ordinaryEpochs: EPOCHS, seconds: 1, ratio: 20, apart: 1 },
  { count: 1000, ordinaryEpochs: 3, seconds: 5, ratio: 15 },
];

/** Rows of real radiographs are made for the largest size; a smaller one takes the first of them. */
const MOST = Math.max(...SIZES.map(({ count }) => count));

async function compare(size: Size, context: BenchContext): Promise<Measure[]> {
  const { rounds, threads, quick, log } = context;
  const { count } = size;
  const ordinaryEpochs = quick ? 2 : size.ordinaryEpochs;
  const folder = await mkdtemp(path.join(tmpdir(), 'xvision-training-'));
  const open: TrainingSide[] = [];
  try {
    const given = await givenRows(folder, { count, context });
    await writeTrainingData(folder, given);
    const file = await openOwnSide({ rows: given, threads }, 'file');
    open.push(file);
    const own = await openOwnSide({ rows: given, threads }, 'weights');
    open.push(own);
    for (let before = 0; before < TRAINED_BEFORE; before += 1) for (const one of open) await one.train(EPOCHS);
    const textbook = await openTextbookSide(folder);
    open.push(textbook);
    const { sides: others, absent } = await openOtherSides(folder);
    open.push(...others);
    log(`N = ${count} against ${[textbook, ...others].map(({ library }) => library).join(', ')}`);
    if (absent.length > 0) log(`not installed: ${absent.join(', ')}`);
    const sides = [
      ownSide(file),
      ownSide(own),
      ...[textbook, ...others].map((one) => ordinarySide(one, ordinaryEpochs)),
    ];
    const [toFile, ours, ...ordinaries] = await interleave(sides, rounds);
    return [
      whole(size, toFile, { absent, rows: given.what }),
      ...ordinaries.map((result, index) => ratio(size, { ours, result, isAim: index > 0 })),
      ...[textbook, ...others].flatMap((other) => equality(size, own, other)),
      ...[file, textbook, ...others].map((side) => peak(count, side)),
    ];
  } finally {
    for (const one of open) await one[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of real radiographs where they are at hand, else random; with `--quick` always random. */
async function givenRows(
  folder: string,
  { count, context }: { readonly count: number; readonly context: BenchContext },
): Promise<GivenRows & { readonly what: string }> {
  const real = context.quick ? undefined : await radiographRows(MOST, context);
  if (real !== undefined) return { file: real, count, what: 'rows of real radiographs' };
  context.log('no radiographs at hand: random rows');
  const file = path.join(folder, 'random.f32');
  await writeRandomRows(file, count);
  return { file, count, what: 'random rows' };
}

function ownSide(side: TrainingSide): Side {
  return { name: side.library, run: async () => ({ units: EPOCHS, ...(await side.train(EPOCHS)) }) };
}

/** A whole training: a new network, its first epoch, in which a library may still prepare itself, and the others. */
function ordinarySide(side: TrainingSide, epochs: number): Side {
  return {
    name: side.library,
    run: async () => {
      const [first, more] = [await side.start(), await side.train(epochs - 1)];
      const times = (EPOCHS - 1) / (epochs - 1);
      return {
        units: EPOCHS,
        seconds: first.seconds + times * more.seconds,
        cpuSeconds: first.cpuSeconds + times * more.cpuSeconds,
      };
    },
  };
}

function whole(
  { count, seconds }: Size,
  ours: SideResult | undefined,
  { absent, rows }: { readonly absent: readonly string[]; readonly rows: string },
): Measure {
  const took = (ours?.perSecond ?? []).map((epochsPerSecond) => EPOCHS / epochsPerSecond);
  const missing = absent.length === 0 ? '' : `; not installed here: ${absent.join(', ')}`;
  return {
    what: `${EPOCHS} epochs, N = ${count}`,
    unit: 's',
    spread: spreadOf(took),
    rounds: took,
    target: { atMost: seconds },
    note: `${rows}; from feature rows in memory to the model file: products, a checkpoint made after each epoch, final weights, hash${missing}`,
  };
}

function ratio(
  { count, ratio: wanted }: Size,
  { ours, result, isAim }: { ours: SideResult | undefined; result: SideResult; isAim: boolean },
): Measure {
  const times = ratiosOf(result.cpuSeconds, ours?.cpuSeconds ?? []);
  const measured = { unit: 'x', spread: spreadOf(times), rounds: times } as const;
  const what = `CPU time of ordinary SGD in ${result.name} / ours, N = ${count}`;
  const note = `both ${EPOCHS} epochs from rows in memory to trained weights in memory, in a process that has trained before; making a new network is counted on both sides, products and the final first layer on ours`;
  if (isAim) return { what, ...measured, target: { atLeast: wanted }, note };
  return { what, ...measured, note: 'our own textbook graph: leaner than any library, so no aim' };
}

/** How far the losses are apart, epoch by epoch from the same initial weights over the same batches. */
function equality({ count, apart: allowed }: Size, own: TrainingSide, { library, losses }: TrainingSide): Measure[] {
  const shared = losses.slice(0, EPOCHS);
  if (shared.length === 0) return [];
  const apart = shared.map((loss, epoch) => {
    const ours = own.losses[epoch] ?? Number.NaN;
    return (100 * Math.abs(loss - ours)) / ours;
  });
  const most = Math.max(...apart);
  return [
    {
      what: `largest difference of the loss from ${library}, ${shared.length} epochs, N = ${count}`,
      unit: '%',
      spread: spreadOf([most]),
      rounds: [most],
      ...(allowed === undefined ? {} : { target: { atMost: allowed } }),
      note: 'what may part them: docs/bench.md, training',
    },
  ];
}

function peak(count: number, { library, peakMegabytes }: TrainingSide): Measure {
  const most = peakMegabytes();
  return { what: `peak memory of ${library}, N = ${count}`, unit: 'MB', spread: spreadOf([most]), rounds: [most] };
}

export const training: Bench = {
  name: 'training',
  about: 'the published head for 20 epochs, against the ordinary form in float32 (CPU time of a training)',
  async run(context) {
    const measures: Measure[] = [];
    for (const size of SIZES) measures.push(...(await compare(size, context)));
    return measures;
  },
};
