import { availableParallelism } from 'node:os';
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
  /** Folder with a node_modules of its own, where TensorFlow.js' native packages are looked for. */
  XVISION_NATIVE_MODULES: z.string().min(1).optional(),
  /** Threads of the engine. Unless told, all cores: the rest of the service needs little. */
  ENGINE_THREADS: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
  /** Images in hand at once: while one is computed, others are read and stored. Unless told, 4 on a CPU, 64 on a GPU. */
  CONCURRENCY: z.coerce.number().int().min(1).max(512).optional(),
  /** Most images in one forward pass. Unless told, 1 on a CPU, where more only cost memory and time, and 32 on a GPU. */
  BATCH_SIZE: z.coerce.number().int().min(1).max(256).optional(),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Throws `BadEnvironmentError` that names every bad variable at once. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readEnvironment(schema, environment);
}

/** How much is in hand and computed at once on this device, unless the environment says so itself. */
export function batching(config: Config, device: string): { readonly concurrency: number; readonly maxBatch: number } {
  const cpu = device === 'cpu';
  return { concurrency: config.CONCURRENCY ?? (cpu ? 4 : 64), maxBatch: config.BATCH_SIZE ?? (cpu ? 1 : 32) };
}
