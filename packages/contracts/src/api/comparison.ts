import { z } from 'zod';
import { estimateSchema, headSchema } from './run.js';

/** One number of two runs on the same images; the difference is the first minus the second. */
export const pairedEstimateSchema = z.object({
  first: estimateSchema,
  second: estimateSchema,
  /** Its interval comes from resampling patients for both runs at once. */
  difference: estimateSchema,
});
export type PairedEstimate = z.infer<typeof pairedEstimateSchema>;

const comparedRunSchema = z.object({
  run: z.uuid(),
  task: z.string(),
  head: headSchema,
  /** Images that it tested, shared with the other run or not. */
  tested: z.number().int(),
  synthetic: z.boolean(),
  untrainedBackbone: z.boolean(),
});

/** Two runs on the images that both tested under the same label; every number is of those images alone. */
export const runComparisonSchema = z.object({
  first: comparedRunSchema,
  second: comparedRunSchema,
  /** In the order of the models' outputs; the last is the positive one of two. */
  classes: z.array(z.string()),
  images: z.number().int(),
  patients: z.number().int(),
  auc: pairedEstimateSchema,
  accuracy: pairedEstimateSchema,
  brier: pairedEstimateSchema,
  /** DeLong's test of the AUC difference: two classes, one image a patient; null otherwise. `p` is null without variance. */
  delong: z.object({ difference: z.number(), low: z.number(), high: z.number(), p: z.number().nullable() }).nullable(),
  /** McNemar's exact test of who is right: one image a patient; null otherwise. */
  mcNemar: z
    .object({ firstRightSecondWrong: z.number().int(), firstWrongSecondRight: z.number().int(), p: z.number() })
    .nullable(),
  /** What these data can and cannot support. */
  sentence: z.string(),
  notice: z.literal('Research use only; not a medical device'),
});
export type RunComparison = z.infer<typeof runComparisonSchema>;
