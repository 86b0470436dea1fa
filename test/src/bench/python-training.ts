import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { projectRoot } from '@xvision/testing';
import type { Work } from './rounds.js';

/** Ordinary training by another library, in a process of its own. */
export interface PythonTraining extends AsyncDisposable {
  /** For example `PyTorch 2.4.0`. */
  readonly library: string;
  /** One thread, this many epochs; the process measures itself. */
  train(epochs: number): Promise<Work>;
}

const LIBRARIES = { torch: 'ordinary_pytorch.py', keras: 'ordinary_keras.py' } as const;
export type PythonLibrary = keyof typeof LIBRARIES;
export const PYTHON_LIBRARIES = Object.keys(LIBRARIES) as PythonLibrary[];

const python = process.env['PYTHON'] ?? 'python3';

/** Nothing where Python or the library cannot be imported. */
export async function openPythonTraining(
  library: PythonLibrary,
  { count, batchSize }: { count: number; batchSize: number },
): Promise<PythonTraining | undefined> {
  const found = await promisify(execFile)(python, ['-c', `import ${library}`]).then(
    () => true,
    () => false,
  );
  if (!found) return undefined;
  const script = path.join(projectRoot(), 'test', 'src', 'bench', LIBRARIES[library]);
  const child = spawn(python, [script, String(count), String(batchSize)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${script} ended in the middle of its work; run it by hand to see why`);
    return value;
  };
  return {
    library: await answer(),
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
