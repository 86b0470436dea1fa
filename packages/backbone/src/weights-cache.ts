import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VGG16_IMAGENET_WEIGHTS } from '@xvision/contracts';
import { checkImageNetWeights } from './check-imagenet-weights.js';
import { readWeightsFile } from './read-weights-file.js';
import type { Vgg16Weights } from './weights.js';

/** The raw values under their identity: reading them needs no HDF5, and the name is the checksum. */
export function cachedFile(cacheDir: string): string {
  return path.join(cacheDir, 'weights', `vgg16-${VGG16_IMAGENET_WEIGHTS}.f32`);
}

/** The cached weights, verified again; undefined where there are none. A damaged file is reported and removed. */
export async function readCache(cacheDir: string, log: (message: string) => void): Promise<Vgg16Weights | undefined> {
  const file = cachedFile(cacheDir);
  if (!existsSync(file)) return undefined;
  try {
    return checkImageNetWeights(await readWeightsFile(file), file);
  } catch (error) {
    log(`the cached weights are unusable and are removed: ${error instanceof Error ? error.message : String(error)}`);
    await rm(file, { force: true });
    return undefined;
  }
}

/** Keeps the weights for the next start; written aside and renamed, so that a reader never sees half a file. */
export async function writeCache(cacheDir: string, { values }: Vgg16Weights): Promise<void> {
  const file = cachedFile(cacheDir);
  await mkdir(path.dirname(file), { recursive: true });
  const aside = `${file}.${randomUUID()}`;
  try {
    await writeFile(aside, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), { flush: true });
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
  }
}
