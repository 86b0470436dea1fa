import { z } from 'zod';
import { estimateSchema } from './run.js';

/** A score and how to read it. Calibrated probabilities are those that the operating point is about. */
const scoredSchema = z.object({
  file: z.string(),
  /** Calibrated, by class; equal to `uncalibrated` where the model's profile has no temperature. */
  probabilities: z.record(z.string(), z.number()),
  /** As the network gives them, and as an exported file gives them. */
  uncalibrated: z.record(z.string(), z.number()),
  /** What the model's operating point calls it; null where it has none. */
  decision: z
    .object({
      class: z.string(),
      called: z.boolean(),
      threshold: z.number(),
      sensitivity: estimateSchema,
      specificity: estimateSchema,
    })
    .nullable(),
  /** Conformal p-value of the image among the training images; null where there are too few of them. */
  novelty: z.number().nullable(),
  /** Why this image would have got no score, had it not been asked for all the same. */
  caution: z.string().nullable(),
});

/** `unfit`: it cannot be read or prepared; `view`: of a view the model does not know; `unlike`: unlike the training images. */
export const abstentionSchema = z.enum(['unfit', 'view', 'unlike']);
export type Abstention = z.infer<typeof abstentionSchema>;

/** An image that the model should not judge gets a reason, never a score. */
export const predictionSchema = z.union([
  scoredSchema,
  z.object({ file: z.string(), abstained: z.string(), reason: abstentionSchema }),
]);
export type Prediction = z.infer<typeof predictionSchema>;

export const predictionJobSchema = z.object({
  id: z.uuid(),
  modelId: z.uuid(),
  collectionId: z.uuid(),
  /** Images of another view, or unlike the training images, are scored all the same, with a caution. */
  anyway: z.boolean(),
  state: z.enum(['waiting', 'requested', 'done', 'failed']),
  message: z.string().nullable(),
  predictions: z.array(predictionSchema),
  notice: z.literal('Research use only; not a medical device'),
});
export type PredictionJob = z.infer<typeof predictionJobSchema>;

export const predictionRequestSchema = z.object({
  modelId: z.uuid(),
  collectionId: z.uuid(),
  anyway: z.boolean().default(false),
});
export type PredictionRequest = z.infer<typeof predictionRequestSchema>;
