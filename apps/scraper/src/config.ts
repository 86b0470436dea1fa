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
  /** Base URL of the Open-i service; a mirror or the simulator instead of the live one. */
  OPENI_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Requests a second to the Open-i service; the client's own polite default where absent. */
  OPENI_RATE: z.coerce.number().gt(0).max(1000).optional(),
  /** Collections harvested at once, so that a long harvest does not hold up a prediction. */
  CONCURRENCY: z.coerce.number().int().min(1).max(32).default(4),
  /** How long the broker waits for a sign of life before another scraper gets the request; the topology's time where absent. */
  ACK_WAIT_MS: z.coerce.number().int().min(500).max(600_000).optional(),
  /** Secret of the installation for the hashes of patient ids; where absent one is made and kept in the store. */
  XVISION_SALT: z.string().min(16, 'at least 16 characters').optional(),
});
export type Config = z.infer<typeof schema>;

/** Throws an error that names every bad variable. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readEnvironment(schema, environment);
}
