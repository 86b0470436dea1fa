import { backboneSchema, headSchema, sha256Schema, trainingChoiceSchema } from '@xvision/contracts';
import { z } from 'zod';

/** The settings that a nested sweep tried, in their order. */
const sweepTableSchema = z.array(
  z.object({
    learningRate: z.number(),
    weightDecay: z.number(),
    seed: z.number().int(),
    /** Mean AUC over inner folds; of the winner it is too good, since it was chosen by it. */
    innerAuc: z.number(),
    /** Outer folds in which it was chosen. */
    chosenIn: z.number().int(),
  }),
);
export type SweepTable = z.infer<typeof sweepTableSchema>;

/** Everything that scoring needs to be right; kept beside the weights and checked when they are loaded. */
export const headCardSchema = z.object({
  format: z.literal('xvision-head-1'),
  head: headSchema,
  /** In the order of the outputs; the last is the positive one of a two-class task. */
  classes: z.array(z.string()).min(2),
  task: z.string(),
  backbone: backboneSchema,
  /** Identity of the backbone's weights. */
  weights: sha256Schema,
  trainedBackbone: z.boolean(),
  preprocessing: z.string(),
  numerics: z.string(),
  featureLength: z.number().int().min(1),
  hyperParameters: z.object({
    seed: z.number().int(),
    epochs: z.number().int(),
    batchSize: z.number().int(),
    learningRate: z.number(),
    momentum: z.number(),
    weightDecay: z.number(),
    /** Absent: shuffled anew in every epoch. */
    order: z.literal('fixed').optional(),
  }),
  /** How its networks were trained; absent for the logistic head, and in cards of earlier versions. */
  training: trainingChoiceSchema.optional(),
  /** Where the hyperparameters were chosen by a sweep. */
  sweep: sweepTableSchema.optional(),
  dataset: sha256Schema,
  synthetic: z.boolean(),
  /** Of the safetensors file with the weights. */
  sha256: sha256Schema,
});
export type HeadCard = z.infer<typeof headCardSchema>;
