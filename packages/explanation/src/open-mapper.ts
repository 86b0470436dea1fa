import { INPUT_SIDE, type Vgg16Weights } from '@xvision/backbone';

import type { ExplanationMethod } from '@xvision/contracts';
import { type BackbonePasses, closePasses, openBackbonePasses, passOf } from './backbone-passes.js';
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
  /** Asked only by methods that go through the backbone, and only without {@link passes}. */
  readonly weights: () => Promise<Vgg16Weights>;
  /** Loaded passes that several mappers share; whoever opened them closes them. */
  readonly passes?: BackbonePasses;
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
  const { networks, method, threads } = options;
  const cam = await openEnsembleCam(networks, { threads });
  let own: BackbonePasses | undefined;
  try {
    if (options.passes === undefined && !isCellMethod(method))
      own = await openBackbonePasses(method, { weights: await options.weights(), threads });
  } catch (error) {
    await cam[Symbol.asyncDispose]();
    throw error;
  }
  const parts: Parts = { ...options, cam, passes: options.passes ?? own ?? {} };
  return {
    map: (image) => mapOf(parts, image),
    [Symbol.asyncDispose]: async () => {
      await cam[Symbol.asyncDispose]();
      if (own !== undefined) await closePasses(own);
    },
  };
}

interface Parts extends Omit<MapperOptions, 'passes' | 'weights' | 'networks'> {
  readonly cam: Cam;
  readonly passes: BackbonePasses;
}

async function mapOf(parts: Parts, image: ExplainedImage): Promise<RawMap> {
  const { cam, method, target } = parts;
  if (isCellMethod(method)) {
    return { side: CELL_SIDE, values: await cam.map(method, { rows: image.row, target, rectify: false }) };
  }
  if (isBackwardRule(method)) {
    const upstream = await cam.gradient({ rows: image.row, target });
    const { gradient } = await passOf(parts.passes.backward).inputGradient(image.rgb, upstream);
    return { side: INPUT_SIDE, values: saliencyOf(gradient) };
  }
  return method === 'occlusion' ? occluded(parts, image) : attributed(parts, image);
}

/** The score of any image, photograph or not. */
function scorer({ cam, passes, target }: Parts): (rgb: Float32Array) => Promise<number> {
  const forward = passOf(passes.forward);
  return async (rgb) => (await cam.score({ rows: await forward.pool5(rgb), target }))[0] ?? Number.NaN;
}

async function occluded(parts: Parts, { rgb }: ExplainedImage): Promise<RawMap> {
  const stride = parts.occlusionStride ?? OCCLUSION_STRIDE;
  const request = { rgb, side: INPUT_SIDE, patch: OCCLUSION_PATCH, stride, score: scorer(parts) };
  return { side: INPUT_SIDE / stride, values: await occlusionMap(request) };
}

/** From a flat image of the same mean colour, which tells nothing but the brightness; see docs/decisions/0125. */
async function attributed(parts: Parts, { rgb }: ExplainedImage): Promise<RawMap> {
  const { cam, target } = parts;
  const [forward, backward, score] = [passOf(parts.passes.forward), passOf(parts.passes.backward), scorer(parts)];
  const gradientAt = async (point: Float32Array) => {
    const upstream = await cam.gradient({ rows: await forward.pool5(point), target });
    return inColourOrder((await backward.inputGradient(point, upstream)).gradient);
  };
  const input = Float32Array.from(rgb);
  const baseline = flatImage(rgb);
  const each = await integratedGradients({ input, baseline, steps: parts.pathSteps ?? PATH_STEPS, gradientAt });
  const values = Float32Array.from({ length: each.length / COLOURS }, (_, pixel) =>
    each.subarray(pixel * COLOURS, (pixel + 1) * COLOURS).reduce((sum, value) => sum + value, 0),
  );
  const difference = (await score(input)) - (await score(baseline));
  return {
    side: INPUT_SIDE,
    values,
    completeness: { attributed: each.reduce((sum, value) => sum + value, 0), difference },
  };
}

/** What {@link meanColour} says, all over. */
function flatImage(rgb: Uint8Array): Float32Array {
  const colour = meanColour(rgb);
  return Float32Array.from(rgb, (_, index) => colour[index % COLOURS] ?? 0);
}

/** The gradient comes in the network's order, blue first; the image is red first. */
function inColourOrder(bgr: Float32Array): Float32Array {
  return bgr.map((_, index) => bgr[index - (index % COLOURS) + (COLOURS - 1 - (index % COLOURS))] ?? 0);
}
