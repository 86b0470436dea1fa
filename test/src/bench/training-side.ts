import path from 'node:path';
import { openLineProcess, python, pythonScript } from './line-process.js';
import type { Work } from './rounds.js';
import type { TrainingTurn } from './serve-training.js';

/** One side of the training bench, in a process of its own that measures itself. */
export interface TrainingSide extends AsyncDisposable {
  /** For example `Keras 3.15.1 on tensorflow`. */
  readonly library: string;
  /** Goes on for this many epochs. */
  train(epochs: number): Promise<Work>;
  /** Loss of each epoch since it was started. */
  readonly losses: readonly number[];
  /** Highest resident memory so far. */
  readonly peakMegabytes: () => number;
}

const program = (name: string): string => path.join(import.meta.dirname, name);

/** Each prints its name, or `absent`, and then for every line with a number of epochs a line of JSON. */
const OTHERS: readonly (readonly [library: string, command: string, script: string])[] = [
  ['TensorFlow.js', process.execPath, program('ordinary-tensorflow.js')],
  ['Keras', python, pythonScript('ordinary_keras.py')],
  ['PyTorch', python, pythonScript('ordinary_pytorch.py')],
];

/** Ours, to the weights in memory, where the other sides end, or to the model's file. */
export async function openOwnSide(
  { count, threads }: { readonly count: number; readonly threads: number },
  far: 'weights' | 'file',
): Promise<TrainingSide> {
  return await opened([program('own-training.js'), String(count), String(threads), far]);
}

/** The textbook form on the library that we use ourselves. */
export async function openTextbookSide(folder: string): Promise<TrainingSide> {
  return await opened([program('ordinary-onnx.js'), folder]);
}

/** The libraries that this machine has; those that it has not are named. */
export async function openOtherSides(folder: string): Promise<{ sides: TrainingSide[]; absent: string[] }> {
  const all = await Promise.all(
    OTHERS.map(async ([name, command, script]) => ({ name, side: await open(command, [script, folder]) })),
  );
  return {
    sides: all.flatMap(({ side }) => side ?? []),
    absent: all.flatMap(({ name, side }) => (side === undefined ? [name] : [])),
  };
}

async function opened(given: readonly string[]): Promise<TrainingSide> {
  const side = await open(process.execPath, given);
  if (side === undefined) throw new Error(`${given[0]} does not start`);
  return side;
}

async function open(command: string, given: readonly string[]): Promise<TrainingSide | undefined> {
  const side = await openLineProcess(command, given);
  if (side === undefined) return undefined;
  const losses: number[] = [];
  let peak = 0;
  return {
    library: side.library,
    losses,
    peakMegabytes: () => peak,
    async train(epochs) {
      const turn = JSON.parse(await side.ask(String(epochs))) as TrainingTurn;
      losses.push(...turn.losses);
      peak = Math.max(peak, turn.peakMegabytes);
      return { units: epochs, seconds: turn.seconds, cpuSeconds: turn.cpuSeconds };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(side[Symbol.asyncDispose]()),
  };
}
