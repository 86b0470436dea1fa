import { z } from 'zod';
import { auditRequestSchema, auditResultSchema } from './studies/audit.js';
import { externalRequestSchema, externalResultSchema } from './studies/external.js';
import { parityRequestSchema, parityResultSchema } from './studies/parity.js';
import { quantizeRequestSchema, quantizeResultSchema } from './studies/quantize.js';
import { rerunRequestSchema, rerunResultSchema } from './studies/rerun.js';
import { trustCardRequestSchema, trustCardResultSchema } from './studies/trust-card.js';

/**
 * A study is a long question about a finished run, model or collection; the evaluator answers it. Each kind has its
 * request and result in a file of its own; `about` names the run, model or collection where there is one.
 */
export const studyRequestSchema = z.discriminatedUnion('kind', [
  auditRequestSchema,
  externalRequestSchema,
  parityRequestSchema,
  quantizeRequestSchema,
  rerunRequestSchema,
  trustCardRequestSchema,
]);
export type StudyRequest = z.infer<typeof studyRequestSchema>;
export type StudyKind = StudyRequest['kind'];

export const studyResultSchema = z.discriminatedUnion('kind', [
  auditResultSchema,
  externalResultSchema,
  parityResultSchema,
  quantizeResultSchema,
  rerunResultSchema,
  trustCardResultSchema,
]);
export type StudyResult = z.infer<typeof studyResultSchema>;

/** Each kind of request with the result that answers it. */
export type RequestOf<Kind extends StudyKind> = Extract<StudyRequest, { kind: Kind }>;
export type ResultOf<Kind extends StudyKind> = Extract<StudyResult, { kind: Kind }>;

export const studyKindSchema = z.enum(studyRequestSchema.options.map((one) => one.shape.kind.value));

export const studySchema = z.object({
  id: z.uuid(),
  kind: studyKindSchema,
  about: z.uuid().nullable(),
  request: studyRequestSchema,
  state: z.enum(['requested', 'running', 'done', 'failed']),
  /** How far it is, while it runs. */
  progress: z.object({ done: z.number().int(), total: z.number().int(), what: z.string() }).nullable(),
  /** Why it failed. */
  message: z.string().nullable(),
  /** Null until it is done. */
  result: studyResultSchema.nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Study = z.infer<typeof studySchema>;
