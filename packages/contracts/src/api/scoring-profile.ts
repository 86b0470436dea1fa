import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';
import { viewSchema } from '../labels.js';
import { estimateSchema } from './run.js';

/** How the scores of a model are read: all of it from images that the scoring networks never saw, none from a test set. */
export const scoringProfileSchema = z.object({
  /** Logits are divided by it; null where it cannot be fitted, and why stands in `uncalibrated`. */
  temperature: z.number().positive().nullable(),
  /** Why scores are not calibrated; null when they are. */
  uncalibrated: z.string().nullable(),
  /** From which calibrated probability of the positive class an image is called positive; null without validation data. */
  operatingPoint: z
    .object({
      rule: z.literal('youden'),
      /** The positive class. */
      class: z.string(),
      threshold: z.number(),
      /** Of thresholds chosen on the other folds, so that no image judges a threshold that it helped to choose. */
      sensitivity: estimateSchema,
      specificity: estimateSchema,
    })
    .nullable(),
  /** Images that were neither tested nor trained on by the same network: on how many this rests. */
  images: z.number().int(),
  /** What an image is held against before it is scored; null where there are too few training images. */
  guard: z
    .object({
      /** The training images' descriptors, a safetensors file in the blob store. */
      sha256: sha256Schema,
      images: z.number().int(),
      /** An image with a smaller conformal p-value gets no score. */
      leastP: z.number(),
    })
    .nullable(),
  /** Views that the model was trained on; an image that is known to be of another gets no score. */
  views: z.array(viewSchema),
});
export type ScoringProfile = z.infer<typeof scoringProfileSchema>;
