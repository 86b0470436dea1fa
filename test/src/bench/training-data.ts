import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { POOL5_LENGTH } from '@xvision/contracts';
import { deliveredStart, type HeadSettings } from '@xvision/learning';
import { readRows } from './feature-rows.js';

/** The published head as every side trains it. */
export const SETTINGS: HeadSettings = {
  head: 'seed-mlp',
  seed: 1,
  epochs: 20,
  batchSize: 20,
  learningRate: 0.01,
  momentum: 0,
  weightDecay: 0,
  order: 'fixed',
};

/** Feature rows that every side trains on. */
export interface GivenRows {
  readonly file: string;
  readonly count: number;
}

export function labelsOf(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index % 2);
}

const LAYERS = ['first', 'second', 'output'] as const;

/** What the other sides read: rows and labels in the order in which ours goes through them, and our initial weights. */
export async function writeTrainingData(folder: string, given: GivenRows): Promise<void> {
  const { count } = given;
  const rows = await readRows(given.file, count);
  const start = deliveredStart(SETTINGS, { images: count, inputs: POOL5_LENGTH, classes: 2 });
  const ordered = new Float32Array(rows.values.length);
  const labels = new Int32Array(count);
  start.order.forEach((place, at) => {
    ordered.set(rows.values.subarray(place * rows.width, (place + 1) * rows.width), at * rows.width);
    labels[at] = labelsOf(count)[place] ?? 0;
  });
  const write = (name: string, values: Float32Array | Int32Array) =>
    writeFile(path.join(folder, name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  await write('rows.f32', ordered);
  await write('labels.i32', labels);
  for (const layer of LAYERS) await write(`${layer}.f32`, start[`${layer}Weights`]);
}

export interface TrainingData {
  readonly count: number;
  readonly rows: Float32Array;
  readonly labels: Int32Array;
  readonly weights: Readonly<Record<(typeof LAYERS)[number], Float32Array>>;
}

export async function readTrainingData(folder: string): Promise<TrainingData> {
  const bytesOf = async (name: string) => (await readFile(path.join(folder, name))).slice().buffer;
  const floats = async (name: string) => new Float32Array(await bytesOf(`${name}.f32`));
  const labels = new Int32Array(await bytesOf('labels.i32'));
  const [first, second, output] = await Promise.all(LAYERS.map(floats));
  const none = new Float32Array();
  return {
    count: labels.length,
    rows: await floats('rows'),
    labels,
    weights: { first: first ?? none, second: second ?? none, output: output ?? none },
  };
}
