import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';
import { modelStageSchema } from './promotion.js';
import { scoringProfileSchema } from './scoring-profile.js';

export const modelSchema = z.object({
  id: z.uuid(),
  sha256: sha256Schema,
  dataset: sha256Schema,
  /** The newest run that came to this model. */
  runId: z.uuid().nullable(),
  task: z.string(),
  synthetic: z.boolean(),
  untrainedBackbone: z.boolean(),
  /** Classes, head, backbone, weights, preprocessing, numerics, hyper-parameters: all that scoring needs to be right. */
  card: z.record(z.string(), z.unknown()),
  /** Null until it is evaluated. */
  profile: scoringProfileSchema.nullable(),
  /** The newest of its promotions. */
  stage: modelStageSchema,
  /** Who moved it to this stage, and when; null while it was never moved. */
  promotedBy: z.string().nullable(),
  promotedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type Model = z.infer<typeof modelSchema>;

/** The loss of one network after one epoch. */
export const epochSchema = z.object({
  /** -1 = the delivered model; otherwise repeat * folds + fold. */
  fold: z.number().int(),
  member: z.number().int(),
  epoch: z.number().int(),
  loss: z.number(),
});
export type Epoch = z.infer<typeof epochSchema>;

/** The mean losses of a run after an epoch; null where no such network came so far. */
export const lossPointSchema = z.object({
  epoch: z.number().int(),
  /** Over the networks of the delivered model. */
  delivered: z.number().nullable(),
  /** Over all networks of all folds. */
  folds: z.number().nullable(),
});
export type LossPoint = z.infer<typeof lossPointSchema>;

export const runLossesSchema = z.object({
  /** The last epoch that any network finished; 0 before the first. */
  epochs: z.number().int(),
  /** Epochs that the networks of the delivered model have behind them, all together. */
  deliveredDone: z.number().int(),
  /** In order; of more than 500 epochs every n-th, and the last. */
  items: z.array(lossPointSchema),
});
export type RunLosses = z.infer<typeof runLossesSchema>;
