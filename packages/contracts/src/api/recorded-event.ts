import { z } from 'zod';
import { envelopeSchema } from '../event.js';

/** An event as the outbox keeps it. */
export const recordedEventSchema = z.object({
  /** Order of the outbox, as text because it may exceed what a JavaScript number holds; the cursor of a page. */
  sequence: z.string(),
  event: envelopeSchema,
  /** Null until the relay has handed it to the broker. */
  publishedAt: z.iso.datetime().nullable(),
  stream: z.string().nullable(),
  streamSequence: z.string().nullable(),
});
export type RecordedEvent = z.infer<typeof recordedEventSchema>;

export const deadLetterSchema = z.object({
  id: z.uuid(),
  consumer: z.string(),
  subject: z.string(),
  eventId: z.string().nullable(),
  reason: z.enum(['poison', 'max-deliveries']),
  message: z.string(),
  deliveries: z.number().int(),
  state: z.enum(['open', 'redriven', 'discarded']),
  resolution: z.string().nullable(),
  createdAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

export const deadLetterActionSchema = z.object({
  ids: z.array(z.uuid()).min(1).max(10_000),
  /** Kept with the dead letters: who reads them later wants to know why. */
  reason: z.string().trim().min(1).max(1000),
});
export const deadLetterActionResultSchema = z.object({
  done: z.array(z.uuid()),
  /** Why these stayed as they were, and what to do instead. */
  refused: z.array(z.object({ id: z.string(), why: z.string() })),
});
export type DeadLetterActionResult = z.infer<typeof deadLetterActionResultSchema>;
