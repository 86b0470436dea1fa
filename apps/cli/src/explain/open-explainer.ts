import { availableParallelism } from 'node:os';
import { type BackwardRule, INPUT_SIDE, openVgg16Backward, type Vgg16Weights } from '@xvision/backbone';
import { type CamMethod, openEnsembleCam, saliencyOf } from '@xvision/explanation';
import { readPrepared } from '@xvision/imaging';
import type { LoadedHead } from '@xvision/learning';
import { CommandError } from '../failure.js';
import { headNetworks } from './head-networks.js';
import { isPixelMethod, type Method } from './methods.js';

/** A square map, row-major. */
export interface RawMap {
  readonly side: number;
  readonly values: Float32Array;
}

/** An image as the pipeline stored it. */
export interface StoredImage {
  /** pool5, 25,088 values. */
  readonly row: Float32Array;
  /** The 224 x 224 PNG that the row is of. */
  readonly prepared: Uint8Array;
}

export interface Explainer extends AsyncDisposable {
  /** Signed values of the 7 x 7 methods, absolute ones of the methods for pixels. */
  map(image: StoredImage): Promise<RawMap>;
}

type Head = Pick<LoadedHead, 'card' | 'tensors'>;

export interface ExplainerOptions<Chosen = Method> {
  readonly method: Chosen;
  /** One factor a logit. */
  readonly target: readonly number[];
  /** Asked only by the methods that go back through the backbone. */
  readonly weights: () => Promise<Vgg16Weights>;
}

/** pool5 has 7 x 7 cells. */
const CELL_SIDE = 7;

/**
 * Explains a head by one method. Throws {@link CommandError} when the head is no network, and when the weights at hand
 * are not those of the backbone that the model was trained on.
 */
export function openExplainer(head: Head, options: ExplainerOptions): Promise<Explainer> {
  const { method } = options;
  return isPixelMethod(method)
    ? openPixelExplainer(head, { ...options, method })
    : openCellExplainer(head, { ...options, method });
}

async function openCellExplainer(
  head: Head,
  { method, target }: Pick<ExplainerOptions<CamMethod>, 'method' | 'target'>,
): Promise<Explainer> {
  const cam = await openEnsembleCam(headNetworks(head), { threads: availableParallelism() });
  return {
    map: async ({ row }) => ({
      side: CELL_SIDE,
      values: await cam.map(method, { rows: row, target, rectify: false }),
    }),
    [Symbol.asyncDispose]: () => cam[Symbol.asyncDispose](),
  };
}

async function openPixelExplainer(
  head: Head,
  { method, target, weights: acquire }: ExplainerOptions<BackwardRule>,
): Promise<Explainer> {
  const networks = headNetworks(head);
  const weights = await acquire();
  assertSameBackbone(weights, head.card);
  const threads = availableParallelism();
  const backward = await openVgg16Backward({ weights, rule: method, threads });
  const cam = await openEnsembleCam(networks, { threads });
  return {
    map: async ({ row, prepared }) => {
      const upstream = await cam.gradient({ rows: row, target });
      const { gradient } = await backward.inputGradient(await readPrepared(prepared), upstream);
      return { side: INPUT_SIDE, values: saliencyOf(gradient) };
    },
    [Symbol.asyncDispose]: async () => {
      await cam[Symbol.asyncDispose]();
      await backward[Symbol.asyncDispose]();
    },
  };
}

function assertSameBackbone(weights: Vgg16Weights, { weights: trained, numerics }: Head['card']): void {
  if (weights.identity !== trained) {
    throw new CommandError(
      `the model was trained on another backbone: its features are of the weights ${trained}, ` +
        `these (${weights.origin}) are ${weights.identity}. Name the right file in XVISION_WEIGHTS`,
    );
  }
  if (numerics !== 'float32') {
    throw new CommandError(
      `the model was trained on ${numerics} features, and the way back to the pixels computes float32: ` +
        'take --method grad-cam or hires-cam, which need the features alone',
    );
  }
}
