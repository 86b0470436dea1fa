import { z } from 'zod';
import { explanationMethodSchema } from './explanation.js';
import { methodTrustSchema } from './studies/trust-card.js';

/** What the newest trust card says of one method; `untested` where there is none. */
export const trustVerdictSchema = z.object({
  method: explanationMethodSchema,
  verdict: z.enum(['passed', 'failed', 'untested']),
  /** Begins with `not evidence` unless it passed. */
  sentence: z.string(),
  /** The study that says so. */
  studyId: z.uuid().nullable(),
  /** On how many images it rests. */
  images: z.number().int().nullable(),
  tests: methodTrustSchema.shape.tests,
  cascade: methodTrustSchema.shape.cascade,
});
export type TrustVerdict = z.infer<typeof trustVerdictSchema>;

/** One entry per method, or none where no map of the model can be drawn. */
export const modelTrustSchema = z.object({
  modelId: z.uuid(),
  class: z.string(),
  verdicts: z.array(trustVerdictSchema),
  /** Why no map can be drawn; null where maps can. */
  unexplainable: z.string().nullable(),
  notice: z.literal('Research use only; not a medical device'),
});
export type ModelTrust = z.infer<typeof modelTrustSchema>;
