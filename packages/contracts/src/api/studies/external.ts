import { z } from 'zod';
import { classMetricsSchema, estimateSchema } from '../run.js';

/** A run's model on a collection that it never saw: images of another place, labelled by the task's own rules. */
export const externalRequestSchema = z.strictObject({
  kind: z.literal('external'),
  /** The run whose model is asked. */
  about: z.uuid(),
  collection: z.uuid(),
});

export const externalResultSchema = z.object({
  kind: z.literal('external'),
  task: z.string(),
  head: z.string(),
  /** The run's own images or those of the collection were drawn by a program. */
  synthetic: z.boolean(),
  collection: z.string(),
  images: z.number().int(),
  patients: z.number().int(),
  /** Why images of the collection take no part; each image is counted once, under the first reason that holds. */
  excluded: z.object({
    rejected: z.number().int(),
    /** Not prepared, or without features of the model's backbone. */
    unextracted: z.number().int(),
    /** Prepared in another way than the training images, so that its features are others; 0 in results of earlier versions. */
    otherPreprocessing: z.number().int().default(0),
    otherView: z.number().int(),
    unlabelled: z.number().int(),
    /** Of patients, or equal to pictures, that the model was trained on. */
    trainedOn: z.number().int(),
  }),
  /** Images that the model's guard would give no score; they are scored here, since it is the model that is examined. */
  unlike: z.number().int().nullable(),
  auc: estimateSchema,
  /** What the run reached by cross-validation at home. */
  internalAuc: estimateSchema,
  accuracy: estimateSchema,
  /** Of calibrated probabilities. */
  brier: estimateSchema,
  calibrationError: z.number().nullable(),
  classes: z.array(z.string()),
  /** True rows, predicted columns. */
  confusion: z.array(z.array(z.number().int())),
  perClass: z.array(classMetricsSchema),
  /** At the model's operating point, which was chosen at home; null where it has none. */
  operatingPoint: z
    .object({ class: z.string(), threshold: z.number(), sensitivity: estimateSchema, specificity: estimateSchema })
    .nullable(),
  sentence: z.string(),
  notice: z.literal('Research use only; not a medical device'),
});
export type ExternalResult = z.infer<typeof externalResultSchema>;
