import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openLineProcess, python, pythonScript } from './line-process.js';
import type { BenchContext } from './measure.js';
import type { Side } from './rounds.js';

const SCRIPTS = ['backbone_keras.py', 'backbone_pytorch.py'] as const;

/**
 * VGG16 up to pool5 in the libraries that researchers know, over pixels (uint8 RGB, 224 x 224) that are prepared before the
 * clock starts, with the batch that is quickest here. A library that Python does not have is named in the log.
 */
export async function openPythonBackbones(
  { threads, log }: BenchContext,
  { folder, pictures }: { readonly folder: string; readonly pictures: readonly Uint8Array[] },
): Promise<{ readonly sides: Side[] } & AsyncDisposable> {
  const pixels = path.join(folder, 'python.rgb');
  await writeFile(pixels, Buffer.concat(pictures));
  const open = SCRIPTS.map((script) => openLineProcess(python, [pythonScript(script), pixels, String(threads)]));
  const found = await Promise.all(open);
  found.forEach((one, index) => {
    if (one === undefined)
      log(`${SCRIPTS[index] ?? ''}: its library is not on this machine, so nothing is said about it`);
  });
  const libraries = found.filter((one) => one !== undefined);
  return {
    sides: libraries.map((one) => ({
      name: one.library,
      run: async () => ({ units: pictures.length, seconds: Number(await one.ask('pass')) }),
    })),
    async [Symbol.asyncDispose]() {
      for (const library of libraries) await library[Symbol.asyncDispose]();
    },
  };
}
