import { z } from 'zod';

export const pipelineStageSchema = z.object({
  stage: z.enum(['collect', 'prepare', 'extract', 'train', 'evaluate']),
  /** What has come out of the stage: images, or runs. */
  done: z.number().int(),
  /** What has come in and not gone out yet. */
  waiting: z.number().int(),
  /** Images rejected, collections or runs failed. */
  failed: z.number().int(),
  /** When the oldest of the waiting came in. */
  oldestWaitingAt: z.iso.datetime().nullable(),
});

export const consumerLagSchema = z.object({
  stream: z.string(),
  consumer: z.string(),
  /** Not delivered yet. */
  pending: z.number().int(),
  /** Delivered and not settled yet. */
  ackPending: z.number().int(),
  redelivered: z.number().int(),
});

/** The whole flow at one moment. */
export const pipelineSchema = z.object({
  at: z.iso.datetime(),
  stages: z.array(pipelineStageSchema),
  /** Null while the broker does not answer. */
  consumers: z.array(consumerLagSchema).nullable(),
  /** Events that the relay has not handed to the broker yet. */
  outbox: z.object({ unpublished: z.number().int(), oldestAt: z.iso.datetime().nullable() }),
  deadLettersOpen: z.number().int(),
  collections: z.number().int(),
  models: z.number().int(),
  /** Some of these images are procedural phantoms. */
  synthetic: z.boolean(),
});
export type Pipeline = z.infer<typeof pipelineSchema>;

export const systemSchema = z.object({
  version: z.string(),
  node: z.string(),
  postgres: z.string(),
  /** Null while the broker does not answer. */
  nats: z.string().nullable(),
  /** Whether this server asks for a token. */
  authentication: z.enum(['none', 'token']),
  /** Processes connected to the catalogue, as they name themselves. */
  services: z.array(z.object({ name: z.string(), connections: z.number().int(), since: z.iso.datetime() })),
  /** What features were computed with, newest first. */
  engines: z.array(
    z.object({
      engine: z.string(),
      backbone: z.string(),
      weights: z.string(),
      /** False = He-initialised, seeded: its scores say nothing about radiographs. */
      trained: z.boolean().nullable(),
      features: z.number().int(),
      lastAt: z.iso.datetime(),
    }),
  ),
});
export type System = z.infer<typeof systemSchema>;
