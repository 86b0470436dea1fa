import { z } from 'zod';
import { explanationMethodSchema } from '../explanation.js';
import { estimateSchema } from '../run.js';

/** Which maps of a model may be shown as evidence: each method is put to tests that a worthless map fails. */
export const trustCardRequestSchema = z.strictObject({
  kind: z.literal('trust-card'),
  /** The model. */
  about: z.uuid(),
  /** The class that is explained; the last of two unless told. */
  class: z.string().min(1).optional(),
  methods: z
    .array(explanationMethodSchema)
    .min(1)
    .default(['grad-cam', 'hires-cam', 'gradient', 'guided-backprop', 'deconvnet']),
  /** Images of the class on which the card rests. */
  images: z.number().int().min(4).max(200).default(8),
  seed: z.number().int().min(0).default(1),
});

const trustOutcomeSchema = z.enum(['passed', 'failed', 'not tested']);

const trustTestSchema = z.object({
  test: z.enum(['randomisation', 'repeatability', 'deletion', 'insertion', 'pointing', 'energy']),
  outcome: trustOutcomeSchema,
  /** What the criterion is about, with its 95 % interval over images. */
  value: estimateSchema,
  images: z.number().int(),
  /** Written down before anything was measured: docs/decisions/0126. */
  criterion: z.string(),
  /** What was found, for people. */
  sentence: z.string(),
});
export type TrustTest = z.infer<typeof trustTestSchema>;

/** How like the map still is once this much of the model was randomised, from the top down. */
const cascadeStageSchema = z.object({
  stage: z.string(),
  /** Mean rank correlation (Spearman) with the model's own map. */
  correlation: z.number(),
  /** Mean structural similarity with it. */
  ssim: z.number(),
});
export type CascadeStage = z.infer<typeof cascadeStageSchema>;

export const methodTrustSchema = z.object({
  method: explanationMethodSchema,
  verdict: z.enum(['passed', 'failed', 'untested']),
  sentence: z.string(),
  tests: z.array(trustTestSchema),
  cascade: z.array(cascadeStageSchema),
});
export type MethodTrust = z.infer<typeof methodTrustSchema>;

export const trustCardResultSchema = z.object({
  kind: z.literal('trust-card'),
  task: z.string(),
  head: z.string(),
  class: z.string(),
  synthetic: z.boolean(),
  untrainedBackbone: z.boolean(),
  /** On which the card rests. */
  images: z.number().int(),
  /** Of them, those of which the place of the finding is known. */
  located: z.number().int(),
  methods: z.array(methodTrustSchema),
  verdict: z.string(),
  notice: z.literal('Research use only; not a medical device'),
});
export type TrustCardResult = z.infer<typeof trustCardResultSchema>;
