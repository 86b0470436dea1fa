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
  /** Networks trained side by side, one thread each. How many there are changes the time, never the result. */
  ENGINE_THREADS: z.coerce.number().int().min(1).max(64).default(availableParallelism()),
  /** Folder with a node_modules of its own where TensorFlow.js' native package may lie; the ordinary form runs on it. */
  XVISION_NATIVE_MODULES: z.string().min(1).optional(),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Throws `BadEnvironmentError` that names every bad variable at once. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readEnvironment(schema, environment);
}
