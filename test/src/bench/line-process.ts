import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '@xvision/testing';

export const python = process.env['PYTHON'] ?? 'python3';

/** A Python program of the bench. */
export const pythonScript = (name: string): string => path.join(projectRoot(), 'test', 'src', 'bench', name);

/** A program that prints its name, or `absent`, and then answers every line with a line. */
export interface LineProcess extends AsyncDisposable {
  /** For example `Keras 3.15.1 on tensorflow`. */
  readonly library: string;
  ask(line: string): Promise<string>;
}

/** Undefined where the command, or the library that the program needs, is not on this machine. */
export async function openLineProcess(command: string, given: readonly string[]): Promise<LineProcess | undefined> {
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
  const library = await Promise.race([
    answer(),
    new Promise<string>((resolve) => child.once('error', () => resolve('absent'))),
  ]);
  if (library === 'absent') return undefined;
  return {
    library,
    async ask(line) {
      child.stdin.write(`${line}\n`);
      return await answer();
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
    },
  };
}
