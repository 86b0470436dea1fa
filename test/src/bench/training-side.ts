import path from 'node:path';
import { openLineProcess, python, pythonScript } from './line-process.js';
import type { TrainingTurn } from './serve-training.js';
import type { GivenRows } from './training-data.js';

export type Cost = Pick<TrainingTurn, 'seconds' | 'cpuSeconds'>;

/** One side of the training bench, in a process of its own that measures itself. */
export interface TrainingSide extends AsyncDisposable {
  /** For example `Keras 3.15.1 on tensorflow`. */
  readonly library: string;
  /** A new network, as its library begins it, and its first epoch. */
  start(): Promise<Cost>;
  /** Goes on for this many epochs; ours is a whole training each time. */
  train(epochs: number): Promise<Cost>;
  /** Loss of each epoch since the network was new. */
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
  { rows, threads }: { readonly rows: GivenRows; readonly threads: number },
  far: 'weights' | 'file',
): Promise<TrainingSide> {
  return await opened([program('own-training.js'), rows.file, String(rows.count), String(threads), far]);
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
  let losses: readonly number[] = [];
  let peak = 0;
  const turn = async (line: string): Promise<TrainingTurn> => {
    const said = JSON.parse(await side.ask(line)) as TrainingTurn;
    peak = Math.max(peak, said.peakMegabytes);
    return said;
  };
  return {
    library: side.library,
    get losses() {
      return losses;
    },
    peakMegabytes: () => peak,
    async start() {
      const first = await turn('new');
      losses = first.losses;
      return first;
    },
    async train(epochs) {
      const more = await turn(String(epochs));
      losses = [...losses, ...more.losses];
      return more;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(side[Symbol.asyncDispose]()),
  };
}
