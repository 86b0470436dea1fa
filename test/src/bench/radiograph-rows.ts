import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { acquireWeights, openVgg16, type Vgg16 } from '@xvision/backbone';
import { PREPROCESSING_VERSION } from '@xvision/contracts';
import { PREPARED_SIDE, prepareImage, readPrepared } from '@xvision/imaging';
import { sharedFolder } from '@xvision/testing';
import { weightsFile } from './bench-stack.js';
import type { BenchContext } from './measure.js';

/** Two hospitals, adults and children: 244 and 690 radiographs. */
const COLLECTIONS = ['jsrt128', 'kermany'] as const;
const CHANNELS = 3;

interface Radiograph {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * A file with pool5 of so many real radiographs, row after row, in an order that mixes both collections; where there are
 * not enough, those from the start come again mirrored. Made once and kept in the cache; undefined where the radiographs or
 * the weights are not beside the project.
 */
export async function radiographRows(count: number, context: BenchContext): Promise<string | undefined> {
  const { cacheDir, threads, log } = context;
  const [shared, weightsAt] = [sharedFolder(), weightsFile()];
  if (shared === undefined || weightsAt === undefined) return undefined;
  const weights = await acquireWeights({ file: weightsAt, cacheDir });
  const radiographs = await mixedRadiographs(shared);
  const key = createHash('sha256').update(`${weights.identity} ${PREPROCESSING_VERSION} ${count}`);
  for (const { sha256 } of radiographs) key.update(sha256);
  const file = path.join(cacheDir, 'bench', `pool5-${key.digest('hex').slice(0, 16)}.f32`);
  if (existsSync(file)) return file;
  log(`pool5 of ${count} radiographs, once: a minute or two`);
  await using vgg16 = await openVgg16({ weights, engine: 'auto', threads });
  await mkdir(path.dirname(file), { recursive: true });
  await writeRows(`${file}.part`, vgg16, { radiographs, count });
  await rename(`${file}.part`, file);
  return file;
}

/** Ordered by the hash of their bytes: by chance, but the same everywhere. */
async function mixedRadiographs(shared: string): Promise<Radiograph[]> {
  const found: Radiograph[] = [];
  for (const collection of COLLECTIONS) {
    const folder = path.join(shared, 'data', collection, 'images');
    for (const name of await readdir(folder)) {
      const bytes = await readFile(path.join(folder, name));
      found.push({ bytes, sha256: createHash('sha256').update(bytes).digest('hex') });
    }
  }
  return found.sort((left, right) => (left.sha256 < right.sha256 ? -1 : 1));
}

async function writeRows(
  file: string,
  vgg16: Vgg16,
  { radiographs, count }: { readonly radiographs: readonly Radiograph[]; readonly count: number },
): Promise<void> {
  await using rows = await open(file, 'w');
  for (let index = 0; index < count; index += 1) {
    const one = radiographs[index % radiographs.length];
    if (one === undefined) throw new Error('there is no radiograph in the shared collections');
    const rgb = await readPrepared((await prepareImage(one.bytes)).png);
    const row = await vgg16.pool5(index < radiographs.length ? rgb : mirrored(rgb), 1);
    await rows.write(new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
  }
}

/** Left and right exchanged. */
function mirrored(rgb: Uint8Array): Uint8Array {
  return rgb.map((_, at) => {
    const [pixel, channel] = [Math.floor(at / CHANNELS), at % CHANNELS];
    const [row, column] = [Math.floor(pixel / PREPARED_SIDE), pixel % PREPARED_SIDE];
    return rgb[((row + 1) * PREPARED_SIDE - 1 - column) * CHANNELS + channel] ?? 0;
  });
}
