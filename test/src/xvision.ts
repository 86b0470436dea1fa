import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '@xvision/testing';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface XvisionOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function start(given: readonly string[], options: XvisionOptions) {
  const launcher = path.join(projectRoot(), 'apps', 'cli', 'bin', 'xvision.mjs');
  return spawn(process.execPath, [launcher, ...given], {
    cwd: options.cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the `xvision` command as a person would, in its own process. */
export function xvision(given: readonly string[], options: XvisionOptions = {}): Promise<Finished> {
  const child = start(given, options);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The one JSON document of a command that must succeed. */
export async function xvisionJson(given: readonly string[], options: XvisionOptions = {}): Promise<unknown> {
  const { code, stdout, stderr } = await xvision([...given, '--json'], options);
  if (code !== 0) throw new Error(`xvision ${given.join(' ')} ended with ${code}\n${stderr}`);
  return JSON.parse(stdout);
}

/** A command that goes on until it is stopped, with the lines it has printed so far; resolves when it follows. */
export async function follow(given: readonly string[], options: XvisionOptions = {}) {
  const child = start(given, options);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await once(child.stderr, 'data');
  return { lines, stop: () => child.kill('SIGTERM') };
}
