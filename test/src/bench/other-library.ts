import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '@xvision/testing';
import type { Work } from './rounds.js';

/** Ordinary training by another library, in a process of its own. */
export interface OtherLibrary extends AsyncDisposable {
  /** For example `Keras 3.15.1 on tensorflow`. */
  readonly library: string;
  /** Goes on for this many epochs; the process measures itself. */
  train(epochs: number): Promise<Work>;
}

const sources = path.join(projectRoot(), 'test', 'src', 'bench');
const python = process.env['PYTHON'] ?? 'python3';

/** Each prints its name, or `absent`, and then for every line with a number of epochs a line of JSON. */
const PROGRAMS: readonly (readonly [command: string, script: string])[] = [
  [process.execPath, path.join(import.meta.dirname, 'ordinary-tensorflow.js')],
  [python, path.join(sources, 'ordinary_keras.py')],
  [python, path.join(sources, 'ordinary_pytorch.py')],
];

/** The libraries that this machine has. */
export async function openOtherLibraries(count: number, batchSize: number): Promise<OtherLibrary[]> {
  const opened = await Promise.all(
    PROGRAMS.map(([command, script]) => open(command, [script, String(count), String(batchSize)])),
  );
  return opened.filter((one) => one !== undefined);
}

async function open(command: string, given: readonly string[]): Promise<OtherLibrary | undefined> {
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
  return {
    library: started,
    async train(epochs) {
      child.stdin.write(`${epochs}\n`);
      const { seconds, cpuSeconds } = JSON.parse(await answer()) as { seconds: number; cpuSeconds: number };
      return { units: epochs, seconds, cpuSeconds };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
    },
  };
}
