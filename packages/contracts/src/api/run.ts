import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';
import { taskSchema } from '../labels.js';
import { stageCountsSchema } from './collection.js';

/**
 * `seed-mlp`: the published project's network. `seed-ensemble`: five of them, averaged.
 * `logistic`: L2 logistic regression on sqrt(pool5), z-scored on the training fold.
 */
export const headSchema = z.enum(['seed-mlp', 'seed-ensemble', 'logistic']);
export type Head = z.infer<typeof headSchema>;

/** The order in which a network goes through its images. */
export const orderSchema = z.enum(['shuffled', 'fixed']);

/**
 * How a network is trained; the same algorithm in both. `dual`: in the span of the images, through their products with each
 * other. `ordinary`: with its first layer written out, on TensorFlow.js.
 */
export const trainingFormSchema = z.enum(['dual', 'ordinary']);
export type TrainingForm = z.infer<typeof trainingFormSchema>;

/** How the networks of a run were trained, and why so. */
export const trainingChoiceSchema = z.object({
  form: trainingFormSchema,
  /** For people, for example `dual form, N = 180 < D = 25,088`. */
  reason: z.string(),
  /** What computed it: library and processor. Equal engines give equal bytes. */
  engine: z.string(),
});
export type TrainingChoice = z.infer<typeof trainingChoiceSchema>;

/** Settings tried against each other; every combination is one. */
export const sweepSchema = z
  .object({
    learningRates: z.array(z.number().gt(0).max(100)).min(1).max(50),
    weightDecays: z.array(z.number().min(0).lt(1)).min(1).max(50),
    seeds: z.array(z.number().int().min(0).max(4_294_967_295)).min(1).max(50),
  })
  .refine(
    ({ learningRates, weightDecays, seeds }) => learningRates.length * weightDecays.length * seeds.length <= 200,
    {
      message: 'a sweep takes at most 200 combinations',
    },
  );

export const runSettingsSchema = z.object({
  task: taskSchema,
  collections: z.array(z.uuid()).min(1),
  head: headSchema.default('seed-ensemble'),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  epochs: z.number().int().min(1).max(10_000).default(20),
  batchSize: z.number().int().min(1).max(4096).default(20),
  learningRate: z.number().gt(0).max(100).default(0.01),
  momentum: z.number().min(0).lt(1).default(0),
  weightDecay: z.number().min(0).lt(1).default(0),
  /** `shuffled` (unless told): another seeded order in every epoch. `fixed`: one for all, as the published project has it. */
  order: orderSchema.optional(),
  /** Chosen by cost and memory unless told. */
  form: trainingFormSchema.optional(),
  /** Train on the features of an untrained backbone; refused unless said. */
  allowUntrained: z.boolean().default(false),
  /** Train although patients or pictures are shared between training and test; refused unless said, and then every report is marked. */
  allowLeaks: z.boolean().default(false),
  /** Learning rate, weight decay and seed are chosen by a nested cross-validation instead of taken from above. */
  sweep: sweepSchema.optional(),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;
/** What a client sends: fields with a default may be left out. */
export type RunSettingsInput = z.input<typeof runSettingsSchema>;

/** `waiting`: some images of its collections are not settled yet. */
export const runStateSchema = z.enum(['waiting', 'requested', 'training', 'trained', 'evaluated', 'failed']);
export type RunState = z.infer<typeof runStateSchema>;

/** A value with its 95 % interval; null where the data do not define it (a class nobody predicted, say). */
export const estimateSchema = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Estimate = z.infer<typeof estimateSchema>;

export const classMetricsSchema = z.object({
  label: z.string(),
  precision: estimateSchema,
  recall: estimateSchema,
  f1: estimateSchema,
  support: z.number().int(),
});

export const metricsSchema = z.object({
  /** Two classes: of the positive (last) class. More: mean of one-against-rest. */
  auc: estimateSchema,
  /** Mean over folds of the AUC inside each; null without folds. */
  withinFoldAuc: z.number().nullable(),
  accuracy: estimateSchema,
  brier: estimateSchema,
  classes: z.array(z.string()),
  /** True rows, predicted columns. */
  confusion: z.array(z.array(z.number().int())),
  perClass: z.array(classMetricsSchema),
  /** The no-network baseline on the same folds: 15 grey statistics and logistic regression; null where it cannot be fitted. */
  baseline: z.object({ auc: estimateSchema, gain: estimateSchema, verdict: z.string() }).nullable(),
  /** What a reader must know before believing a number. */
  warnings: z.array(z.string()),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** What `xvision run --json` prints and scripts rely on. */
export const runReportSchema = z.object({
  run: z.uuid(),
  model: z.uuid(),
  task: z.string(),
  synthetic: z.boolean(),
  /** The engine that computed the features, as it names itself. */
  engine: z.string(),
  /** Identity of the backbone's weights. */
  weights: sha256Schema,
  untrainedBackbone: z.boolean(),
  head: headSchema,
  /** Absent for the logistic head, and in reports of earlier versions. */
  training: trainingChoiceSchema.optional(),
  seed: z.number().int(),
  dataset: sha256Schema,
  counts: stageCountsSchema.extend({ train: z.number().int(), test: z.number().int() }),
  metrics: metricsSchema,
  notice: z.literal('Research use only; not a medical device'),
});
export type RunReport = z.infer<typeof runReportSchema>;

export const runSchema = z.object({
  id: z.uuid(),
  state: runStateSchema,
  task: z.string(),
  settings: runSettingsSchema,
  modelId: z.uuid().nullable(),
  message: z.string().nullable(),
  synthetic: z.boolean(),
  report: runReportSchema.nullable(),
  /** Known once training begins; absent for the logistic head. */
  training: trainingChoiceSchema.optional(),
  /** What people wrote beside it; no number depends on it. */
  note: z.string(),
  tags: z.array(z.string()),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** What there is to filter runs by. */
export const runFacetsSchema = z.object({ tasks: z.array(z.string()), tags: z.array(z.string()) });
export type RunFacets = z.infer<typeof runFacetsSchema>;

export const runAnnotationSchema = z.strictObject({
  note: z.string().max(10_000),
  tags: z
    .array(
      z
        .string()
        .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u, 'a word of at most 40 letters, digits, dots and hyphens'),
    )
    .max(20)
    .refine((tags) => new Set(tags).size === tags.length, { message: 'tags must differ' }),
});
export type RunAnnotation = z.infer<typeof runAnnotationSchema>;
