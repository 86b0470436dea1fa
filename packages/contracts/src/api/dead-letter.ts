import { z } from 'zod';
import { recordedEventSchema } from './recorded-event.js';

export const deadLetterSchema = z.object({
  id: z.uuid(),
  /** Who gave up. */
  consumer: z.string(),
  subject: z.string(),
  eventId: z.string().nullable(),
  reason: z.enum(['poison', 'max-deliveries']),
  /** The error. */
  message: z.string(),
  /** How often it was tried. */
  deliveries: z.number().int(),
  state: z.enum(['open', 'redriven', 'discarded']),
  resolution: z.string().nullable(),
  createdAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** All open letters that match; a filter that names nothing takes every open letter. */
const matchingSchema = z.strictObject({
  consumer: z.string().min(1).max(200).optional(),
  subject: z.string().min(1).max(200).optional(),
});

const reason = z.string().trim().min(1).max(1000).meta({ description: 'Why; kept with the dead letters' });

/** Which letters, and why: kept with the dead letters, because who reads them later wants to know. */
export const deadLetterActionSchema = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(10_000), reason }),
  z.strictObject({ matching: matchingSchema, reason }),
]);
export type DeadLetterAction = z.infer<typeof deadLetterActionSchema>;

export const deadLetterActionResultSchema = z.object({
  done: z.array(z.uuid()),
  /** Why these stayed as they were, and what to do instead. */
  refused: z.array(z.object({ id: z.string(), why: z.string() })),
});
export type DeadLetterActionResult = z.infer<typeof deadLetterActionResultSchema>;

/** What a person did about dead letters. */
export const deadLetterActSchema = z.object({
  id: z.uuid(),
  act: z.enum(['redrive', 'discard']),
  /** The name of the token, or `loopback` where nobody is asked. */
  who: z.string(),
  reason: z.string(),
  /** The filter by which the letters were chosen; null when they were named one by one. */
  matching: matchingSchema.nullable(),
  letters: z.number().int(),
  createdAt: z.iso.datetime(),
});
export type DeadLetterAct = z.infer<typeof deadLetterActSchema>;

export const deadLetterDetailSchema = deadLetterSchema.extend({
  stream: z.string().nullable(),
  streamSequence: z.string().nullable(),
  /** The message as the stream held it. */
  body: z.string().nullable(),
  /** The event in the catalogue; null when the message is no event of ours. */
  event: recordedEventSchema.nullable(),
  /** How often consumers gave up on the same event. */
  deaths: z.number().int(),
  /** The act that closed it; null while it is open, and for letters closed before acts were kept. */
  act: deadLetterActSchema.nullable(),
});
export type DeadLetterDetail = z.infer<typeof deadLetterDetailSchema>;

export const deadLetterGroupSchema = z.object({
  consumer: z.string(),
  subject: z.string(),
  state: deadLetterSchema.shape.state,
  letters: z.number().int(),
  lastAt: z.iso.datetime(),
});
export type DeadLetterGroup = z.infer<typeof deadLetterGroupSchema>;
