import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';

/** Published for each message that a consumer gave up on; the row in `dead_letter` is the working copy. */
export const deadLetterRecorded = defineEvent({
  entity: 'dead',
  fact: 'recorded',
  version: 1,
  summary: 'A consumer gave up on an event, and why.',
  payload: z.object({
    consumer: z.string().min(1),
    subject: z.string().min(1),
    eventId: z.string().optional(),
    reason: z.enum(['poison', 'max-deliveries']),
    message: z.string(),
    deliveries: z.number().int().min(1),
    /** Where the broker keeps the message, so that whoever reads this can fetch it; added for the rows in `dead_letter`. */
    stream: z.string().min(1).optional(),
    streamSequence: z.number().int().min(1).optional(),
  }),
});
export type DeadLetterRecorded = PayloadOf<typeof deadLetterRecorded>;
