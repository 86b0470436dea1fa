import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireWeights, buildVgg16Graph, buildWinogradGraph } from '@xvision/backbone';
import { weightsFile } from './bench-stack.js';
import type { BenchContext } from './measure.js';

/** Bare loops of `bare-loop.ts`, loaded and waiting. */
export interface BareProcess extends AsyncDisposable {
  /** How the machine's threads are used: the quickest way on this machine. */
  readonly how: string;
  /** One pass over the images; resolves to how many they are. */
  pass(): Promise<number>;
}

export interface BareOptions {
  readonly graph: 'plain' | 'winograd';
  readonly provider: 'cpu' | 'cuda';
  readonly folder: string;
  /** uint8 RGB, 224 x 224. */
  readonly pictures: readonly Uint8Array[];
}

interface Files {
  readonly model: string;
  readonly pixels: string;
  readonly provider: string;
}

/**
 * One loop with all threads, or as many loops with one thread each, every one over its share of the images: whichever
 * is quicker on this machine in a pass of each, so that the service is held against the better one.
 */
export async function startBareProcess(context: BenchContext, options: BareOptions): Promise<BareProcess> {
  const files = await writeFiles(context, options);
  const { threads } = context;
  const together = await startLoops(files, { loops: 1, threads });
  if (threads === 1 || files.provider !== 'cpu') return together;
  const apart = await startLoops(files, { loops: threads, threads: 1 });
  const [slow, quick] = (await seconds(together)) > (await seconds(apart)) ? [together, apart] : [apart, together];
  await slow[Symbol.asyncDispose]();
  return quick;
}

async function writeFiles({ cacheDir }: BenchContext, options: BareOptions): Promise<Files> {
  const { graph, provider, folder, pictures } = options;
  const files = { model: path.join(folder, `${graph}.onnx`), pixels: path.join(folder, `${graph}.rgb`), provider };
  const weights = await acquireWeights({ file: weightsFile(), cacheDir, offline: true, allowUntrained: true });
  await writeFile(files.model, (graph === 'winograd' ? buildWinogradGraph : buildVgg16Graph)(weights));
  await writeFile(files.pixels, Buffer.concat(pictures));
  return files;
}

async function seconds(bare: BareProcess): Promise<number> {
  const started = performance.now();
  await bare.pass();
  return (performance.now() - started) / 1000;
}

async function startLoops(files: Files, { loops, threads }: { loops: number; threads: number }): Promise<BareProcess> {
  const started = Array.from({ length: loops }, (_, share) => startLoop(files, { share, loops, threads }));
  const [first] = await Promise.all(started.map(({ answer }) => answer()));
  return {
    how: `${loops === 1 ? 'one process' : `${loops} processes`}, ${threads === 1 ? '1 thread' : `${threads} threads`} each, ${String(first)}`,
    async pass() {
      const done = started.map(({ child, answer }) => {
        child.send('pass');
        return answer();
      });
      return (await Promise.all(done)).reduce<number>((sum, images) => sum + Number(images), 0);
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of started) child.kill('SIGTERM');
    },
  };
}

function startLoop(files: Files, { share, loops, threads }: { share: number; loops: number; threads: number }) {
  const loop = fileURLToPath(new URL('./bare-loop.js', import.meta.url));
  const { model, pixels, provider } = files;
  const child = fork(loop, [model, pixels, String(threads), provider, String(share), String(loops)]);
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the bare loop ended with code ${code}`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message);
      });
    });
  return { child, answer };
}
