import { INPUT_SIDE, openVgg16Backward, openVgg16Floats, type Vgg16Weights } from '@xvision/backbone';
import type { ExplanationMethod } from '@xvision/contracts';
import type { HeadNetwork } from './head-network.js';
import { integratedGradients } from './integrated-gradients.js';
import { isBackwardRule, isCellMethod } from './methods.js';
import { meanColour, OCCLUSION_PATCH, OCCLUSION_STRIDE, occlusionMap } from './occlusion.js';
import type { Cam } from './open-cam.js';
import { openEnsembleCam } from './open-ensemble-cam.js';
import { saliencyOf } from './shown-map.js';

/** How much of the rise from the baseline the values of a map account for; together they should be equal. */
export interface Completeness {
  readonly attributed: number;
  /** f(image) - f(baseline). */
  readonly difference: number;
}

/** A square map, row-major. */
export interface RawMap {
  readonly side: number;
  readonly values: Float32Array;
  /** Of integrated gradients. */
  readonly completeness?: Completeness;
}

/** An image as the pipeline stored it. */
export interface ExplainedImage {
  /** pool5, 25,088 values. */
  readonly row: Float32Array;
  /** The 224 x 224 network input that the row is of: RGB, 150,528 bytes. */
  readonly rgb: Uint8Array;
}

export interface Mapper extends AsyncDisposable {
  /** Signed values, but for the three methods of one backward pass, whose values are absolute. */
  map(image: ExplainedImage): Promise<RawMap>;
}

export interface MapperOptions {
  readonly networks: readonly HeadNetwork[];
  readonly method: ExplanationMethod;
  /** One factor a logit. */
  readonly target: readonly number[];
  /** Asked only by methods that go through the backbone. */
  readonly weights: () => Promise<Vgg16Weights>;
  readonly threads: number;
  /** Points of the path of integrated gradients, {@link PATH_STEPS} unless told. */
  readonly pathSteps?: number;
  /** How far the patch of occlusion moves, {@link OCCLUSION_STRIDE} unless told. */
  readonly occlusionStride?: number;
}

/** Points of the path of integrated gradients; the gap that they leave stands beside each map. */
const PATH_STEPS = 32;

/** pool5 has 7 x 7 cells. */
const CELL_SIDE = 7;
const COLOURS = 3;

/** Maps what moves these networks on top of these weights, trained or not; {@link openExplainer} sees to it that they belong together. */
export async function openMapper(options: MapperOptions): Promise<Mapper> {
  const { networks, method, target, threads } = options;
  const cam = await openEnsembleCam(networks, { threads });
  const together = (map: Mapper['map'], others: readonly AsyncDisposable[] = []): Mapper => ({
    map,
    [Symbol.asyncDispose]: async () => {
      for (const one of [cam, ...others]) await one[Symbol.asyncDispose]();
    },
  });
  try {
    if (isCellMethod(method)) {
      return together(async ({ row }) => {
        return { side: CELL_SIDE, values: await cam.map(method, { rows: row, target, rectify: false }) };
      });
    }
    const weights = await options.weights();
    if (isBackwardRule(method)) {
      const backward = await openVgg16Backward({ weights, rule: method, threads });
      return together(
        async ({ row, rgb }) => {
          const upstream = await cam.gradient({ rows: row, target });
          const { gradient } = await backward.inputGradient(rgb, upstream);
          return { side: INPUT_SIDE, values: saliencyOf(gradient) };
        },
        [backward],
      );
    }
    const open = method === 'occlusion' ? openOcclusion : openIntegratedGradients;
    const { map, parts } = await open({ ...options, cam, weights });
    return together(map, parts);
  } catch (error) {
    await cam[Symbol.asyncDispose]();
    throw error;
  }
}

interface Parts extends Pick<MapperOptions, 'target' | 'threads' | 'pathSteps' | 'occlusionStride'> {
  readonly cam: Cam;
  readonly weights: Vgg16Weights;
}

interface Opened {
  readonly map: Mapper['map'];
  readonly parts: readonly AsyncDisposable[];
}

async function openOcclusion({ cam, target, weights, threads, occlusionStride }: Parts): Promise<Opened> {
  const stride = occlusionStride ?? OCCLUSION_STRIDE;
  const forward = await openVgg16Floats({ weights, threads });
  const score = async (rgb: Float32Array) =>
    (await cam.score({ rows: await forward.pool5(rgb), target }))[0] ?? Number.NaN;
  return {
    map: async ({ rgb }) => ({
      side: INPUT_SIDE / stride,
      values: await occlusionMap({ rgb, side: INPUT_SIDE, patch: OCCLUSION_PATCH, stride, score }),
    }),
    parts: [forward],
  };
}

/** From a flat image of the same mean colour, which tells nothing but the brightness; see docs/decisions/0125. */
async function openIntegratedGradients({ cam, target, weights, threads, pathSteps }: Parts): Promise<Opened> {
  const forward = await openVgg16Floats({ weights, threads });
  const backward = await openVgg16Backward({ weights, rule: 'gradient', input: 'float32', threads });
  const score = async (rgb: Float32Array) =>
    (await cam.score({ rows: await forward.pool5(rgb), target }))[0] ?? Number.NaN;
  const gradientAt = async (point: Float32Array) => {
    const upstream = await cam.gradient({ rows: await forward.pool5(point), target });
    return inColourOrder((await backward.inputGradient(point, upstream)).gradient);
  };
  return {
    map: async ({ rgb }) => {
      const input = Float32Array.from(rgb);
      const baseline = flatImage(rgb);
      const parts = await integratedGradients({ input, baseline, steps: pathSteps ?? PATH_STEPS, gradientAt });
      const values = Float32Array.from({ length: parts.length / COLOURS }, (_, pixel) =>
        parts.subarray(pixel * COLOURS, (pixel + 1) * COLOURS).reduce((sum, value) => sum + value, 0),
      );
      return {
        side: INPUT_SIDE,
        values,
        completeness: {
          attributed: parts.reduce((sum, value) => sum + value, 0),
          difference: (await score(input)) - (await score(baseline)),
        },
      };
    },
    parts: [forward, backward],
  };
}

function flatImage(rgb: Uint8Array): Float32Array {
  const colour = meanColour(rgb);
  return Float32Array.from(rgb, (_, index) => colour[index % COLOURS] ?? 0);
}

/** The gradient comes in the network's order, blue first; the image is red first. */
function inColourOrder(bgr: Float32Array): Float32Array {
  return bgr.map((_, index) => bgr[index - (index % COLOURS) + (COLOURS - 1 - (index % COLOURS))] ?? 0);
}
