import { busEnvironment, catalogueEnvironment, processEnvironment, readEnvironment } from '@xvision/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...processEnvironment,
  ...catalogueEnvironment,
  ...busEnvironment,
  /** Copies of each stream: 3 in a cluster of brokers, 1 on a single one. */
  NATS_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  /** Longest time until a waiting run is looked at, should the notice of a change get lost. */
  SWEEP_SECONDS: z.coerce.number().gt(0).max(3600).default(3),
  /** How often the relay asks the broker whether it still has what it was given. */
  RECONCILE_SECONDS: z.coerce.number().gt(0).max(3600).default(10),
  /** A published event without an outcome counts as stuck after this long, if its consumer has nothing to do. */
  STUCK_AFTER_SECONDS: z.coerce.number().gt(0).max(86_400).default(120),
});
export type Config = z.infer<typeof schema>;

export function readConfig(environment: NodeJS.ProcessEnv): Readonly<Config> {
  return readEnvironment(schema, environment);
}
