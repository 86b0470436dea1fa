import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireWeights, buildVgg16Graph, buildWinogradGraph } from '@xvision/backbone';
import { type Prepared, readPrepared } from '@xvision/imaging';
import { weightsFile } from './bench-stack.js';
import type { BenchContext } from './measure.js';

/** The bare loop of `bare-loop.ts`, loaded and waiting. */
export interface BareProcess extends AsyncDisposable {
  /** How its threads wait for work: the quicker way on this machine. */
  readonly how: string;
  /** One pass over the images; resolves to how many they are. */
  pass(): Promise<number>;
}

export interface BareOptions {
  /** As the service says it: the same graph on the same provider, so that only the service's duties differ. */
  readonly engine: string;
  readonly folder: string;
  readonly images: readonly Prepared[];
}

export async function startBareProcess(
  { threads, cacheDir }: BenchContext,
  { engine, folder, images }: BareOptions,
): Promise<BareProcess> {
  const files = { model: path.join(folder, 'bare.onnx'), pixels: path.join(folder, 'bare.rgb') };
  const weights = await acquireWeights({ file: weightsFile(), cacheDir, offline: true, allowUntrained: true });
  const build = engine.includes(' winograd ') ? buildWinogradGraph : buildVgg16Graph;
  await writeFile(files.model, build(weights));
  await writeFile(files.pixels, Buffer.concat(await Promise.all(images.map(({ png }) => readPrepared(png)))));
  const provider = engine.startsWith('onnx-cuda') ? 'cuda' : 'cpu';
  const loop = fileURLToPath(new URL('./bare-loop.js', import.meta.url));
  const child = fork(loop, [files.model, files.pixels, String(threads), provider]);
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the bare loop ended with code ${code}`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message);
      });
    });
  const how = String(await answer());
  return {
    how,
    async pass() {
      child.send('pass');
      return Number(await answer());
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
    },
  };
}
