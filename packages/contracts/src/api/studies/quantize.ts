import { z } from 'zod';
import { sha256Schema } from '../../identifiers.js';
import { estimateSchema } from '../run.js';

/** A static int8 network, calibrated on the images of a run and accepted only where it costs that run nothing. */
export const quantizeRequestSchema = z.strictObject({
  kind: z.literal('quantize'),
  /** The run whose images calibrate and judge it. */
  about: z.uuid(),
  /** Images that calibrate it, evenly over the dataset. */
  calibrationImages: z.number().int().min(1).max(1000).default(64),
});

export const quantizeResultSchema = z.object({
  kind: z.literal('quantize'),
  task: z.string(),
  head: z.string(),
  synthetic: z.boolean(),
  images: z.number().int(),
  calibrationImages: z.number().int(),
  /** The feature key's numerics of everything that the int8 network computes. */
  numerics: z.string(),
  /** How far feature rows move, relative L2. */
  featureShift: z.object({ median: z.number(), largest: z.number() }),
  floatAuc: estimateSchema,
  int8Auc: estimateSchema,
  /** int8 minus float on the same images and folds, by patient. */
  difference: estimateSchema,
  /** Accepted when the whole interval of the difference lies within plus or minus this. */
  margin: z.number(),
  accepted: z.boolean(),
  /** The calibration in the blob store, for an extractor's INT8_CALIBRATION; null where it was not accepted. */
  calibration: sha256Schema.nullable(),
  sentence: z.string(),
  notice: z.literal('Research use only; not a medical device'),
});
export type QuantizeResult = z.infer<typeof quantizeResultSchema>;

/** What an accepted int8 network is known by: a small file, from which the graph is built with the weights at hand. */
export const int8CalibrationSchema = z.object({
  format: z.literal('xvision-int8-1'),
  weights: sha256Schema,
  images: z.number().int(),
  maxima: z.array(z.number().positive()),
  identity: sha256Schema,
  /** On what it was accepted. */
  evidence: z.object({ dataset: sha256Schema, task: z.string(), difference: estimateSchema, margin: z.number() }),
});
export type Int8Calibration = z.infer<typeof int8CalibrationSchema>;
