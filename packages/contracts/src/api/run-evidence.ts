import { z } from 'zod';
import { estimateSchema } from './run.js';

const notice = z.literal('Research use only; not a medical device');
const intervalSchema = z.object({ low: z.number(), high: z.number() });

/** What calling everything from a threshold on positive gives, with 95 % intervals that know of patients. */
export const thresholdRowSchema = z.object({
  threshold: z.number(),
  sensitivity: estimateSchema,
  specificity: estimateSchema,
  /** Share of the called that are positive, and of the others that are not; both hold for this mix of classes only. */
  ppv: estimateSchema,
  npv: estimateSchema,
});
export type ThresholdRow = z.infer<typeof thresholdRowSchema>;

/** The curves of a two-class run over its test scores; empty where it has more classes or tested only one of them. */
export const runCurvesSchema = z.object({
  run: z.uuid(),
  /** The positive class; null where there are more than two. */
  positive: z.string().nullable(),
  images: z.number().int(),
  positives: z.number().int(),
  /** From the strictest threshold to the loosest; thinned where there are very many. */
  operating: z.array(
    z.object({ threshold: z.number(), sensitivity: z.number(), specificity: z.number(), precision: z.number() }),
  ),
  rocBand: z.array(intervalSchema.extend({ falsePositiveRate: z.number() })),
  reliability: z.array(
    z.object({
      low: z.number(),
      high: z.number(),
      n: z.number().int(),
      meanProbability: z.number().nullable(),
      fractionPositive: z.number().nullable(),
      interval: intervalSchema.nullable(),
    }),
  ),
  thresholds: z.array(thresholdRowSchema),
  notice,
});
export type RunCurves = z.infer<typeof runCurvesSchema>;

/** How well a part of the tested images is told apart. */
export const subgroupSchema = z.object({
  /** `all`, or what the images are grouped by. */
  by: z.enum(['all', 'view', 'sex', 'age', 'source']),
  group: z.string(),
  images: z.number().int(),
  patients: z.number().int(),
  auc: estimateSchema,
  accuracy: estimateSchema,
  /** Of the positive class where there are two; not defined otherwise. */
  sensitivity: estimateSchema,
  specificity: estimateSchema,
});
export type Subgroup = z.infer<typeof subgroupSchema>;

/** One fold of one repeat: images that its network never saw. */
export const foldResultSchema = z.object({
  repeat: z.number().int(),
  fold: z.number().int(),
  images: z.number().int(),
  patients: z.number().int(),
  auc: estimateSchema,
  accuracy: estimateSchema,
});
export type FoldResult = z.infer<typeof foldResultSchema>;

export const runSubgroupsSchema = z.object({
  run: z.uuid(),
  subgroups: z.array(subgroupSchema),
  folds: z.array(foldResultSchema),
  notice,
});
export type RunSubgroups = z.infer<typeof runSubgroupsSchema>;

/** A tested image that was taken for another class. */
export const mistakeSchema = z.object({
  imageId: z.uuid(),
  file: z.string(),
  truth: z.string(),
  predicted: z.string(),
  /** What the networks gave to the truth: the smaller, the worse. */
  probabilityOfTruth: z.number(),
  probabilityOfPredicted: z.number(),
});
export type Mistake = z.infer<typeof mistakeSchema>;

export const runMistakesSchema = z.object({
  run: z.uuid(),
  tested: z.number().int(),
  wrong: z.number().int(),
  /** Worst first. */
  items: z.array(mistakeSchema),
  notice,
});
export type RunMistakes = z.infer<typeof runMistakesSchema>;
