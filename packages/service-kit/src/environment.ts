import { z } from 'zod';

/** A variable that a Deployment sets to nothing counts as not set. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a process environment by a schema. Reports every bad variable at once, so that a broken Deployment is fixed in
 * one edit. Values are never repeated in the error: they may be secrets.
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
): Readonly<z.infer<Schema>> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success) throw new BadEnvironmentError(`Bad environment\n${z.prettifyError(result.error)}`);
  return Object.freeze(result.data);
}

/** The process cannot start as it was configured: correct the named variables and start it again. */
export class BadEnvironmentError extends Error {
  override readonly name = 'BadEnvironmentError';
}

/** A TCP port; 0 = any free one, which is then logged. */
export const portSchema = z.coerce.number().int().min(0).max(65_535);

export const logLevelSchema = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

/** What every service reads, whatever its job. */
export const processEnvironment = {
  LOG_LEVEL: logLevelSchema.default('info'),
  /** Port of /livez, /readyz and /metrics. */
  HEALTH_PORT: portSchema.default(0),
  /** Loopback unless a container says otherwise: probes of Kubernetes come from outside the pod. */
  HEALTH_HOST: z.string().min(1).default('127.0.0.1'),
  SERVICE_VERSION: z.string().min(1).default('0.1.0'),
  /** Process id of the local stack that started this process; without it the process would outlive a killed stack. */
  XVISION_PARENT: z.coerce.number().int().min(1).optional(),
} as const;

export const catalogueEnvironment = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' }),
} as const;

export const busEnvironment = {
  NATS_URL: z.string().regex(/^(nats|tls):\/\/\S+$/, 'must be a nats:// or tls:// address, several with commas'),
  NATS_TOKEN: z.string().min(1).optional(),
} as const;

export const storeEnvironment = {
  /** Root folder of the blob store. */
  XVISION_STORE: z.string().min(1),
} as const;
