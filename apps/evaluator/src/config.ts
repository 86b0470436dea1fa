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
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Throws `BadEnvironmentError` that names every bad variable at once. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readEnvironment(schema, environment);
}
