import { DEFAULT_MAX_PIXELS, type DecoderPoolOptions } from '@xvision/imaging';
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
  /** Images in hand at once, each in a decoder process of its own. */
  CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
  /** Width times height that an image may declare. */
  MAX_PIXELS: z.coerce.number().int().min(1).default(DEFAULT_MAX_PIXELS),
  /** A decoder that takes longer over one image is ended. */
  DECODE_TIMEOUT_SECONDS: z.coerce.number().gt(0).max(3600).default(60),
  /** A decoder that holds more memory is ended, in MiB. */
  DECODE_MEMORY_MB: z.coerce.number().int().min(128).default(1024),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Throws `BadEnvironmentError` that names every bad variable at once. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readEnvironment(schema, environment);
}

/** One decoder process for each image in hand. */
export function decoderOptions(config: Config): DecoderPoolOptions {
  return {
    size: config.CONCURRENCY,
    timeoutMs: config.DECODE_TIMEOUT_SECONDS * 1000,
    maxResidentMb: config.DECODE_MEMORY_MB,
  };
}
