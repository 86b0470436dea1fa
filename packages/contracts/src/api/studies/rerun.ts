import { z } from 'zod';
import { proofLinkSchema } from '../proof.js';

/** Everything that a run trained, trained again from its frozen dataset and compared. */
export const rerunRequestSchema = z.strictObject({
  kind: z.literal('rerun'),
  /** The run that is proven. */
  about: z.uuid(),
  /** When it was asked: a proof is made anew each time. */
  asked: z.iso.datetime(),
});

export const rerunResultSchema = z.object({
  kind: z.literal('rerun'),
  task: z.string(),
  synthetic: z.boolean(),
  /** What trained the run, as it was recorded; null where it was not. */
  engineThen: z.string().nullable(),
  engineNow: z.string(),
  /** `bits` on the engine that trained the run; `tolerance` on another one. */
  demanded: z.enum(['bits', 'tolerance']),
  /** Of losses, relative; of probabilities, absolute. Both are zero where bits are demanded. */
  tolerance: z.object({ loss: z.number(), probability: z.number() }),
  /** In the order in which a run is computed; the first that does not hold is where it went another way. */
  links: z.array(proofLinkSchema),
  notice: z.literal('Research use only; not a medical device'),
});
export type RerunResult = z.infer<typeof rerunResultSchema>;
