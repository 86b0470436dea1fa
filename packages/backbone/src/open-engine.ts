import {
  bundledOnnxEngines,
  type EngineName,
  onnxLibrary,
  openSession,
  openWorkerSession,
  type Session,
  sideBySide,
  tensor,
} from '@xvision/engines';
import { goldenImage } from './golden-image.js';
import { buildGraph, type GraphVariant } from './graph-variant.js';
import { rememberedVariant, rememberVariant, timingKey } from './remembered-variant.js';
import { INPUT_SIDE } from './vgg16-architecture.js';
import { GRAPH_INPUT } from './vgg16-graph.js';
import type { Vgg16Weights } from './weights.js';

/** `auto` takes the fastest exact engine that is installed; `onnx-cpu-winograd` is the CPU with the quicker graph. */
export type EngineChoice = EngineName | 'onnx-cpu-winograd' | 'auto';

export interface EngineOptions {
  readonly engine: EngineChoice;
  /** Of all copies together. */
  readonly threads: number;
  readonly copies: number;
  readonly worker: boolean;
  /** Where `auto` keeps what its timing chose; without it there is no timing, and the plain graph is taken. */
  readonly cacheDir: string | undefined;
  /** Where optional native packages are looked for. */
  readonly nativeModules: string | undefined;
}

export interface OpenedEngine {
  readonly session: Session;
  readonly variant: GraphVariant;
  /** Why this engine and graph were taken. */
  readonly reason: string;
}

/** Loads the graph on the engine that is asked for, or that `auto` chooses. */
export async function openEngine(weights: Vgg16Weights, options: EngineOptions): Promise<OpenedEngine> {
  const { engine } = options;
  if (engine === 'onnx-cpu-winograd') {
    return {
      session: await load(weights, { ...options, variant: 'winograd' }),
      variant: 'winograd',
      reason: 'asked for',
    };
  }
  if (engine !== 'auto') {
    const session = await load(weights, { ...options, engine, variant: 'plain' });
    return { session, variant: 'plain', reason: 'asked for' };
  }
  if (!bundledOnnxEngines().includes('onnx-cuda')) {
    return openOnCpu(weights, options, 'auto: the library carries no CUDA');
  }
  try {
    const session = await load(weights, { ...options, engine: 'onnx-cuda', variant: 'plain' });
    return { session, variant: 'plain', reason: 'auto: CUDA answers' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return openOnCpu(weights, options, `auto: CUDA does not answer (${reason})`);
  }
}

/** Threads for each of the copies. */
function threadsEach({ threads, copies }: Pick<EngineOptions, 'threads' | 'copies'>): number {
  return Math.max(1, Math.floor(threads / copies));
}

async function load(
  weights: Vgg16Weights,
  options: Omit<EngineOptions, 'engine'> & { engine?: EngineChoice; variant: GraphVariant },
): Promise<Session> {
  const { engine, worker, variant, nativeModules } = options;
  const graph = buildGraph(weights, variant);
  const name: EngineName =
    engine === undefined || engine === 'auto' || engine === 'onnx-cpu-winograd' ? 'onnx-cpu' : engine;
  const copies = name === 'onnx-cpu' ? options.copies : 1;
  const threads = threadsEach({ ...options, copies });
  const session = { engine: name, threads, ...(nativeModules === undefined ? {} : { nativeModules }) };
  const open = (model: Uint8Array) =>
    worker ? openWorkerSession(model, { ...session, moveModel: true }) : openSession(model, session);
  // A copy of the bytes for each but the last: a worker takes its model over. One after the other, as each start is a peak.
  const others: Session[] = [];
  while (others.length < copies - 1) others.push(await open(new Uint8Array(graph)));
  return sideBySide([await open(graph), ...others]);
}

async function openOnCpu(weights: Vgg16Weights, options: EngineOptions, why: string): Promise<OpenedEngine> {
  const { cacheDir } = options;
  const only = async (variant: GraphVariant, how: string): Promise<OpenedEngine> => ({
    session: await load(weights, { ...options, variant }),
    variant,
    reason: `${why}; the ${variant} graph${how}`,
  });
  if (cacheDir === undefined) return only('plain', '');
  const key = timingKey(onnxLibrary(), threadsEach(options));
  const remembered = await rememberedVariant(cacheDir, key);
  if (remembered !== undefined) return only(remembered, ', as before');

  const timing = await raceOfOneEach(weights, { ...options, threads: threadsEach(options), copies: 1 });
  const variant = await rememberVariant(cacheDir, key, timing.variant);
  return only(variant, `: ${timing.said}`);
}

/** Interleaved, the best of each: what else the machine does only ever adds. */
const ROUNDS = 4;

/** What Winograd must win by: it holds 90 MB more. */
const LEAST_GAIN = 1.05;

/** The copies are opened once the winner is known, so that no more than two networks are held at a time. */
async function raceOfOneEach(weights: Vgg16Weights, options: EngineOptions): ReturnType<typeof race> {
  await using plain = await load(weights, { ...options, variant: 'plain' });
  await using winograd = await load(weights, { ...options, variant: 'winograd' });
  return await race(plain, winograd);
}

async function race(plain: Session, winograd: Session): Promise<{ variant: GraphVariant; said: string }> {
  let [bestPlain, bestWinograd] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  await milliseconds(plain);
  await milliseconds(winograd);
  for (let round = 0; round < ROUNDS; round++) {
    bestPlain = Math.min(bestPlain, await milliseconds(plain));
    bestWinograd = Math.min(bestWinograd, await milliseconds(winograd));
  }
  const variant = bestPlain / bestWinograd >= LEAST_GAIN ? 'winograd' : 'plain';
  return { variant, said: `plain ${bestPlain.toFixed(0)} ms, Winograd ${bestWinograd.toFixed(0)} ms an image` };
}

async function milliseconds(session: Session): Promise<number> {
  const image = tensor('uint8', [1, INPUT_SIDE, INPUT_SIDE, 3], goldenImage());
  const start = performance.now();
  await session.run({ [GRAPH_INPUT]: image });
  return performance.now() - start;
}
