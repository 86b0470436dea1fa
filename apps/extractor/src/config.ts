import { availableParallelism } from 'node:os';
import { sha256Schema } from '@xvision/contracts';
import {
  busEnvironment,
  catalogueEnvironment,
  processEnvironment,
  readEnvironment,
  storeEnvironment,
} from '@xvision/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...processEnvironment,
  ...catalogueEnvironment,
  ...busEnvironment,
  ...storeEnvironment,
  /** Folder in which fetched weights are kept. */
  XVISION_CACHE: z.string().min(1),
  /** A weights file to take instead of the cache or the network. */
  XVISION_WEIGHTS: z.string().min(1).optional(),
  /** Go on with an untrained, marked backbone where no weights can be had. */
  XVISION_ALLOW_UNTRAINED: z.stringbool().default(false),
  /** Ask no network for weights. */
  XVISION_OFFLINE: z.stringbool().default(false),
  ENGINE: z
    .enum(['auto', 'onnx-cpu', 'onnx-cpu-winograd', 'onnx-cuda', 'onnx-webgpu', 'tensorflow', 'tensorflow-gpu'])
    .default('auto'),
  /** An accepted int8 calibration in the blob store (`xvision quantize`): its approximate network runs instead of an exact one. */
  INT8_CALIBRATION: sha256Schema.optional(),
  /** Folder with a node_modules of its own, where TensorFlow.js' native packages are looked for. */
  XVISION_NATIVE_MODULES: z.string().min(1).optional(),
  /** Threads of the engine, of all copies together. Unless told, all cores: the rest of the service needs little. */
  ENGINE_THREADS: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
  /**
   * Copies of the network on a CPU, each with its share of the threads: two images side by side lose less than one image
   * on two threads that wait for each other (decision 0045). Unless told 2, or 1 where there is one thread.
   */
  ENGINE_COPIES: z.coerce.number().int().min(1).max(64).optional(),
  /** Images in hand at once: while some are computed, others are read and stored. Unless told, twelve and two a copy on a CPU, 64 on a GPU. */
  CONCURRENCY: z.coerce.number().int().min(1).max(512).optional(),
  /** Most images in one forward pass. Unless told, 1 on a CPU, where more only cost memory and time, and 32 on a GPU. */
  BATCH_SIZE: z.coerce.number().int().min(1).max(256).optional(),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Throws `BadEnvironmentError` that names every bad variable at once. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readEnvironment(schema, environment);
}

/** How many copies of the network share the threads of a CPU. */
export function copiesOf({ ENGINE_COPIES, ENGINE_THREADS }: Config): number {
  return ENGINE_COPIES ?? Math.min(2, ENGINE_THREADS);
}

export interface Batching {
  readonly concurrency: number;
  readonly maxBatch: number;
  /** Batches that the engine is given at once: one for each copy, and one more for each that lies ready. */
  readonly inFlight: number;
}

/** How much is in hand and computed at once on this device, unless the environment says so itself. */
export function batching(config: Config, { device, copies = 1 }: { device: string; copies?: number }): Batching {
  const cpu = device === 'cpu';
  return {
    concurrency: config.CONCURRENCY ?? (cpu ? 2 * copies + 12 : 64),
    maxBatch: config.BATCH_SIZE ?? (cpu ? 1 : 32),
    inFlight: 2 * copies,
  };
}
