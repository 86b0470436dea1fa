import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '@xvision/testing';
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

const sources = path.join(projectRoot(), 'test', 'src', 'bench');
const python = process.env['PYTHON'] ?? 'python3';
const program = (name: string): string => path.join(import.meta.dirname, name);

/** Each prints its name, or `absent`, and then for every line with a number of epochs a line of JSON. */
const OTHERS: readonly (readonly [library: string, command: string, script: string])[] = [
  ['TensorFlow.js', process.execPath, program('ordinary-tensorflow.js')],
  ['Keras', python, path.join(sources, 'ordinary_keras.py')],
  ['PyTorch', python, path.join(sources, 'ordinary_pytorch.py')],
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
  const child = spawn(command, given, { stdio: ['pipe', 'pipe', 'ignore'] });
  // A command that is not on this machine; its output then ends at once.
  child.once('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true)
      throw new Error(`it ended before it answered; run it by hand to see why: ${command} ${given.join(' ')}`);
    return value;
  };
  const started = await Promise.race([
    answer(),
    new Promise<string>((resolve) => child.once('error', () => resolve('absent'))),
  ]);
  if (started === 'absent') return undefined;
  const losses: number[] = [];
  let peak = 0;
  return {
    library: started,
    losses,
    peakMegabytes: () => peak,
    async train(epochs) {
      child.stdin.write(`${epochs}\n`);
      const turn = JSON.parse(await answer()) as TrainingTurn;
      losses.push(...turn.losses);
      peak = Math.max(peak, turn.peakMegabytes);
      return { units: epochs, seconds: turn.seconds, cpuSeconds: turn.cpuSeconds };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
    },
  };
}
