import { openSession, openWorkerSession } from '@xvision/engines';
import { goldenImage } from '../golden-image.js';
import { LoadedVgg16, type Vgg16 } from '../loaded-vgg16.js';
import { openVgg16 } from '../open-vgg16.js';
import { type Vgg16Weights, WeightsError } from '../weights.js';
import type { Calibration } from './calibrate.js';
import { buildInt8Graph } from './int8-graph.js';

export interface OpenVgg16Int8Options {
  readonly weights: Vgg16Weights;
  readonly calibration: Calibration;
  /** 1 unless told. */
  readonly threads?: number;
  /** Compute in a thread of its own. True unless told. */
  readonly worker?: boolean;
}

/**
 * How far the row of the softened golden image may be from the exact one, relative L2. Measured: .03 to .08 whatever radiograph
 * the calibration came from, .5 with channels turned round.
 */
const GOLDEN_DIFFERENCE = 0.2;

/** The golden image at a quarter of its contrast: at full contrast it leaves the range of any calibration on radiographs. */
function softGoldenImage(): Uint8Array {
  return goldenImage().map((value) => Math.round(96 + value / 4));
}

/**
 * VGG16 in 8-bit arithmetic for the images that it was calibrated on. Its features have their own numerics,
 * `int8-<calibration>`, and must never stand beside exact ones. Throws `WeightsError` when it is far from the exact network,
 * which is loaded for that comparison and let go.
 */
export async function openVgg16Int8(options: OpenVgg16Int8Options): Promise<Vgg16> {
  const { weights, calibration, threads = 1, worker = true } = options;
  const graph = buildInt8Graph(weights, calibration);
  const expected = await exactRow(weights, threads);
  const session = await (worker
    ? openWorkerSession(graph, { threads, moveModel: true })
    : openSession(graph, { threads }));
  const numerics = `int8-${calibration.identity}`;
  const model = new LoadedVgg16({ session, variant: 'int8', reason: 'asked for', numerics }, weights);
  const difference = relativeDifference(await model.pool5(softGoldenImage(), 1), expected);
  if (difference <= GOLDEN_DIFFERENCE) return model;
  await model[Symbol.asyncDispose]();
  throw new WeightsError(
    `the int8 network is ${difference.toFixed(2)} away from the exact one on the softened golden image (relative L2); calibrate it again`,
  );
}

async function exactRow(weights: Vgg16Weights, threads: number): Promise<Float32Array> {
  await using exact = await openVgg16({ weights, engine: 'onnx-cpu', threads });
  return exact.pool5(softGoldenImage(), 1);
}

function relativeDifference(row: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let norm = 0;
  for (const [index, value] of expected.entries()) {
    difference += ((row[index] ?? Number.NaN) - value) ** 2;
    norm += value ** 2;
  }
  return Math.sqrt(difference / norm);
}
