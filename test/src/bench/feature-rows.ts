import { open, writeFile } from 'node:fs/promises';
import { POOL5_LENGTH } from '@xvision/contracts';
import { type SharedRows, setRow, sharedRows } from '@xvision/learning';

/** Of pool5 of a radiograph, about this part is above zero. */
const DENSITY = 0.2;
const LARGEST = 60;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A row like pool5's: no negative value, most of them zero. Products do not take longer or shorter by their values. */
export function randomRow(random: () => number): Float32Array {
  const row = new Float32Array(POOL5_LENGTH);
  for (let i = 0; i < row.length; i += 1) if (random() < DENSITY) row[i] = random() ** 3 * LARGEST;
  return row;
}

export function randomRows(count: number): SharedRows {
  const random = randomNumbers(count);
  const rows = sharedRows(count, POOL5_LENGTH);
  for (let index = 0; index < count; index += 1)
    setRow(rows, index, { values: randomRow(random), name: `row ${index}` });
  return rows;
}

/** The first rows of a file of them. */
export async function readRows(file: string, count: number): Promise<SharedRows> {
  const rows = sharedRows(count, POOL5_LENGTH);
  await using handle = await open(file);
  for (let index = 0; index < count; index += 1) {
    const values = new Float32Array(POOL5_LENGTH);
    const { bytesRead } = await handle.read(new Uint8Array(values.buffer));
    if (bytesRead < values.byteLength) throw new Error(`${file} ends within row ${index} of ${count}`);
    setRow(rows, index, { values, name: `row ${index}` });
  }
  return rows;
}

/** Writes rows into a file that {@link readRows} reads. */
export async function writeRandomRows(file: string, count: number): Promise<void> {
  const { buffer } = randomRows(count).values;
  await writeFile(file, new Uint8Array(buffer));
}
