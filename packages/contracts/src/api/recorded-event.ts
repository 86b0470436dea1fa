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
