import { float32Of, openSession, type Tensor, type Tensors, tensor } from '@xvision/engines';
import { CELLS, camGraph, gradCamGraph, meanOverCells } from './cam-graph.js';
import type { HeadNetwork } from './head-network.js';

export type CamMethod = 'grad-cam' | 'hires-cam';

export interface CamRequest {
  /** n feature rows of 25,088 values, NHWC. */
  readonly rows: Float32Array;
  /** Which logits are explained: +1 and -1 for "class 1 against class 0", for example. One entry a class. */
  readonly target: readonly number[];
  /** Cut what speaks against the target away, as the original Grad-CAM does. True unless told. */
  readonly rectify?: boolean;
}

export interface Cam extends AsyncDisposable {
  /** n maps of 7 x 7 values, row-major (y, x). Each value stands for a cell of 32 x 32 pixels of the network's input. */
  map(method: CamMethod, request: CamRequest): Promise<Float32Array>;
  /** The target itself: n values, each the combination of logits that is explained. */
  score(request: CamRequest): Promise<Float32Array>;
  /** d target / d pool5, n rows of 25,088 values: what an input-resolution method starts from. */
  gradient(request: CamRequest): Promise<Float32Array>;
}

/** Rows a run: enough to keep the matrix products busy, little enough for memory. */
const ROWS_A_RUN = 256;
const INPUTS = 25_088;

const HEAD_TENSORS = [
  'firstGain',
  'firstShift',
  'firstMean',
  'firstVariance',
  'secondGain',
  'secondShift',
  'secondMean',
  'secondVariance',
] as const satisfies readonly (keyof HeadNetwork)[];

function feedsOf(network: HeadNetwork, { hidden, classes }: { hidden: number; classes: number }): Tensors {
  return {
    firstWeights: tensor('float32', [INPUTS, hidden], network.firstWeights),
    secondWeights: tensor('float32', [hidden, hidden], network.secondWeights),
    outputWeights: tensor('float32', [hidden, classes], network.outputWeights),
    outputBias: tensor('float32', [classes], network.outputBias),
    ...Object.fromEntries(HEAD_TENSORS.map((name) => [name, tensor('float32', [hidden], network[name])])),
  };
}

type CamOutput = 'gradCam' | 'hiResCam' | 'gradient' | 'logits';

function combined(logits: Float32Array, target: readonly number[]): Float32Array {
  return Float32Array.from({ length: logits.length / target.length }, (_, row) =>
    target.reduce((sum, factor, one) => sum + factor * (logits[row * target.length + one] ?? 0), 0),
  );
}

function blocks(values: Float32Array): Float32Array[] {
  const size = ROWS_A_RUN * INPUTS;
  return Array.from({ length: Math.ceil(values.length / size) }, (_, block) =>
    values.subarray(block * size, (block + 1) * size),
  );
}

/**
 * Explains one network of a head; for an ensemble, average the maps of its networks.
 * Throws RangeError when rows or target do not fit the head.
 */
export async function openCam(network: HeadNetwork, { threads = 1 }: { threads?: number } = {}): Promise<Cam> {
  const shape = { hidden: network.firstGain.length, classes: network.outputBias.length };
  const session = await openSession(camGraph(shape), { threads });
  const quick = await openSession(gradCamGraph(shape), { threads });
  const weights = feedsOf(network, shape);
  let means: Tensor | undefined;
  /** Made by the first Grad-CAM: other maps need no mean. */
  const meanWeights = (): Tensor => {
    const values = meanOverCells(network.firstWeights, shape.hidden);
    return tensor('float32', [values.length / shape.hidden, shape.hidden], values);
  };

  const widths: Record<CamOutput, number> = {
    gradCam: CELLS,
    hiResCam: CELLS,
    gradient: INPUTS,
    logits: shape.classes,
  };
  const run = async ({ rows, target }: CamRequest, output: CamOutput): Promise<Float32Array> => {
    if (rows.length === 0 || rows.length % INPUTS !== 0)
      throw new RangeError(`${rows.length} values are no rows of ${INPUTS}`);
    if (target.length !== shape.classes)
      throw new RangeError(`the head has ${shape.classes} classes, the target ${target.length}`);
    const wanted = tensor('float32', [shape.classes, 1], Float32Array.from(target));
    const result = new Float32Array((rows.length / INPUTS) * widths[output]);
    let done = 0;
    for (const block of blocks(rows)) {
      const feeds = { ...weights, target: wanted, rows: tensor('float32', [block.length / INPUTS, INPUTS], block) };
      const answer =
        output === 'gradCam'
          ? await quick.run({ ...feeds, meanWeights: (means ??= meanWeights()) }, [output])
          : await session.run(feeds, [output]);
      const values = float32Of(answer, output);
      result.set(values, done);
      done += values.length;
    }
    return result;
  };

  return {
    map: async (method, request) => {
      const map = await run(request, method === 'grad-cam' ? 'gradCam' : 'hiResCam');
      return (request.rectify ?? true) ? map.map((value) => Math.max(0, value)) : map;
    },
    score: async (request) => combined(await run(request, 'logits'), request.target),
    gradient: (request) => run(request, 'gradient'),
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await quick[Symbol.asyncDispose]();
    },
  };
}
