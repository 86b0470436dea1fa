import { z } from 'zod';
import { estimateSchema } from '../run.js';

/** What the published project did that makes its number mean something else; each can be switched by itself. */
export const seedFaultSchema = z.enum([
  /** Labels by substrings of the joined terms: `abnormal` is normal, and only two of many nodule labels are used. */
  'label-by-text',
  'lateral-views',
  /** The last five training images of nodules are tested as well. */
  'shared-images',
  /** Images are dealt out, not patients: the views of one patient may be parted. */
  'split-by-image',
  /** One order for every epoch, and the test set in the order of a dictionary, class after class. */
  'fixed-order',
  /** The networks normalise by the moments of the test batch. */
  'batch-moments',
]);
export type SeedFault = z.infer<typeof seedFaultSchema>;
export const SEED_FAULTS = seedFaultSchema.options;

/** The published project's rule, split, order and faults, reproduced on purpose, and what each fault does to the result. */
export const parityRequestSchema = z.strictObject({
  kind: z.literal('parity'),
  /** Open-i collections, or those of its simulator. */
  collections: z.array(z.uuid()).min(1).max(20),
});

const countsSchema = z.object({ train: z.number().int(), test: z.number().int() });

/** One set of faults, trained and tested with every seed. */
export const parityArmSchema = z.object({
  arm: z.string(),
  faults: z.array(seedFaultSchema),
  /** Of the first seed; another seed deals others. */
  images: countsSchema,
  /** Test images of the first seed whose patient is trained on. */
  testedOfTrainedPatients: z.number().int(),
  /** Mean over the seeds. */
  auc: estimateSchema,
  accuracy: estimateSchema,
  /** AUC minus that without any fault; null for that one itself. */
  difference: estimateSchema.nullable(),
});
export type ParityArm = z.infer<typeof parityArmSchema>;

export const parityResultSchema = z.object({
  kind: z.literal('parity'),
  collections: z.array(z.string()),
  synthetic: z.boolean(),
  untrainedBackbone: z.boolean(),
  seeds: z.number().int(),
  /** The published split of these records, by their own ids. */
  split: z.object({
    records: z.number().int(),
    distinctLabels: z.number().int(),
    normal: z.number().int(),
    nodule: z.number().int(),
    calcinosisnodule: z.number().int(),
    images: countsSchema,
    /** Ids in both sets. */
    overlap: z.array(z.string()),
    /** Test images whose patient is trained on. */
    straddling: z.array(z.string()),
    straddlingPatients: z.array(z.string()),
    /** Records that are called normal though a term says abnormal. */
    abnormalCalledNormal: z.array(z.string()),
    /** 177 and 76 images, five of them shared, as published. */
    asPublished: z.boolean(),
  }),
  arms: z.array(parityArmSchema),
  sentence: z.string(),
  notice: z.literal('Research use only; not a medical device'),
});
export type ParityResult = z.infer<typeof parityResultSchema>;
