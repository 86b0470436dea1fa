import { z } from 'zod';
import { estimateSchema } from '../run.js';

/** The shortcut audit: does the model see disease, or how the picture was taken? */
export const auditRequestSchema = z.strictObject({
  kind: z.literal('audit'),
  /** The run that is audited. */
  about: z.uuid(),
  /** Studies of external sets that the verdict shall rest on as well. */
  externals: z.array(z.uuid()).max(50).optional(),
});

/** One way to reach a label without seeing the disease, or with less of the picture. */
export const auditCheckSchema = z.object({
  check: z.enum(['grey-statistics', 'covariates', 'centre-blanked', 'borders-blanked', 'permuted-labels', 'external']),
  /** What was done, for people. */
  about: z.string(),
  images: z.number().int(),
  auc: estimateSchema,
  /** AUC of the model minus that of the check, on the same images. */
  gain: estimateSchema,
  /** `sound`, `suspect` or `cannot tell`, and why, in one sentence. */
  finding: z.enum(['sound', 'suspect', 'cannot tell']),
  sentence: z.string(),
});
export type AuditCheck = z.infer<typeof auditCheckSchema>;

export const auditResultSchema = z.object({
  kind: z.literal('audit'),
  task: z.string(),
  head: z.string(),
  synthetic: z.boolean(),
  images: z.number().int(),
  patients: z.number().int(),
  auc: estimateSchema,
  checks: z.array(auditCheckSchema),
  verdict: z.string(),
  notice: z.literal('Research use only; not a medical device'),
});
export type AuditResult = z.infer<typeof auditResultSchema>;
