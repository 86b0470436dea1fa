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
  /** Folder in which fetched weights are kept, and a weights file to take instead: for studies that go through the backbone. */
  XVISION_CACHE: z.string().min(1).optional(),
  XVISION_WEIGHTS: z.string().min(1).optional(),
  /** Ask no network for weights. */
  XVISION_OFFLINE: z.stringbool().default(false),
  /** Threads of a study; unless told, all cores: whoever asks for one waits for it. */
  STUDY_THREADS: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
  /** Folder with a node_modules of its own where TensorFlow.js' native package may lie. */
  XVISION_NATIVE_MODULES: z.string().min(1).optional(),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Throws `BadEnvironmentError` that names every bad variable at once. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readEnvironment(schema, environment);
}
