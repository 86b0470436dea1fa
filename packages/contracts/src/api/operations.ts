import { z } from 'zod';

/** A process of ours from its start to its end. */
export const serviceInstanceSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  version: z.string(),
  host: z.string(),
  pid: z.number().int(),
  /** What it computes with, and why that was chosen; null where it computes nothing of this kind. */
  engine: z.string().nullable(),
  engineReason: z.string().nullable(),
  startedAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  /** `ok`, or what its own checks say is wrong. */
  health: z.string(),
  stoppedAt: z.iso.datetime().nullable(),
  /** `silent`: it neither speaks nor said that it stops, as after a kill. */
  standing: z.enum(['alive', 'silent', 'stopped']),
});
export type ServiceInstance = z.infer<typeof serviceInstanceSchema>;

export const storageSchema = z.object({
  database: z.object({ bytes: z.number().int() }),
  /** Counted file by file now and then; null while the first count goes on. */
  blobs: z.object({ count: z.number().int(), bytes: z.number().int(), measuredAt: z.iso.datetime() }).nullable(),
});
export type Storage = z.infer<typeof storageSchema>;

/** A kind of event, and the stream that takes it. */
export const eventKindSchema = z.object({ subject: z.string(), summary: z.string(), stream: z.string() });
export type EventKind = z.infer<typeof eventKindSchema>;
