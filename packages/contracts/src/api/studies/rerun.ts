import { z } from 'zod';
import { proofLinkSchema } from '../proof.js';
import { estimateSchema } from '../run.js';

/** Everything that a run trained, trained again from its frozen dataset and compared. */
export const rerunRequestSchema = z.strictObject({
  kind: z.literal('rerun'),
  /** The run that is proven. */
  about: z.uuid(),
  /** When it was asked: a proof is made anew each time. */
  asked: z.iso.datetime(),
});

/** A training on another engine beside the one of the run. */
export const equivalenceSchema = z.object({
  /** Pooled AUC of the training again minus that of the run, on the same images, by patient. */
  difference: estimateSchema,
  /** It holds when the whole interval of the difference lies within plus or minus this. */
  margin: z.number(),
  /** How far single numbers are apart: losses relative, test probabilities absolute. */
  apart: z.object({ largestLoss: z.number(), medianProbability: z.number(), largestProbability: z.number() }),
});
export type Equivalence = z.infer<typeof equivalenceSchema>;

export const rerunResultSchema = z.object({
  kind: z.literal('rerun'),
  task: z.string(),
  synthetic: z.boolean(),
  /** What trained the run, as it was recorded; null where it was not. */
  engineThen: z.string().nullable(),
  engineNow: z.string(),
  /** Null on the engine that trained the run: there every bit must be the same. */
  equivalence: equivalenceSchema.nullable(),
  /** In the order in which a run is computed; the first that does not hold is where it went another way. */
  links: z.array(proofLinkSchema),
  notice: z.literal('Research use only; not a medical device'),
});
export type RerunResult = z.infer<typeof rerunResultSchema>;
