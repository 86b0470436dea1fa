import { availableParallelism } from 'node:os';
import {
  busEnvironment,
  catalogueEnvironment,
  portSchema,
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
  /** Folder in which fetched weights are kept, and a weights file to take instead: for maps that go through the backbone. */
  XVISION_CACHE: z.string().min(1).optional(),
  XVISION_WEIGHTS: z.string().min(1).optional(),
  /** Ask no network for weights. */
  XVISION_OFFLINE: z.stringbool().default(false),
  /** Threads of a map; the API itself needs little. */
  EXPLANATION_THREADS: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: portSchema.default(4680),
  /** Ask for tokens on loopback too; elsewhere they are always asked for. */
  API_REQUIRE_TOKEN: z.stringbool().default(false),
  /** An operator's token that works from the start, so that a first one need not be made by hand. */
  API_OPERATOR_TOKEN: z
    .string()
    .regex(/^\S{32,400}$/, 'at least 32 characters without spaces')
    .optional(),
  /** What one token or address may ask in a minute where tokens are asked for; the page itself needs a few hundred. */
  API_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(6000),
  /** Longest file that is taken in; a radiograph of 40 megapixels fits. */
  API_MAX_UPLOAD_BYTES: z.coerce.number().int().min(1).default(200_000_000),
});
export type Config = z.infer<typeof schema>;

export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readEnvironment(schema, environment);
}
