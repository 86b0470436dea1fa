import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';
import { sha256Schema } from '../identifiers.js';

/** Published after each epoch of the model that a run delivers, once its checkpoint is durable. */
export const epochCompleted = defineEvent({
  entity: 'epoch',
  fact: 'completed',
  version: 1,
  summary: 'An epoch is done and a checkpoint from which training goes on to the same bits is in the store.',
  payload: z.object({
    runId: z.uuid(),
    /** Which network of an ensemble; 0 for a single one. */
    member: z.number().int().min(0),
    epoch: z.number().int().min(1),
    epochs: z.number().int().min(1),
    /** Mean softmax cross-entropy over the epoch's batches, in nats. */
    loss: z.number(),
    checkpointSha256: sha256Schema,
  }),
});
export type EpochCompleted = PayloadOf<typeof epochCompleted>;
