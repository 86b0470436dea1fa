import { z } from 'zod';

/** `none`: made and nothing more; `candidate`: to be looked at; `production`: the one in use for its task; `retired`: no longer. */
export const modelStageSchema = z.enum(['none', 'candidate', 'production', 'retired']);
export type ModelStage = z.infer<typeof modelStageSchema>;

export const promotionRequestSchema = z.strictObject({
  stage: modelStageSchema,
  /** Why: whoever asks later who let this model through finds it here. */
  reason: z.string().trim().min(3, 'say why, in a few words').max(2000),
});
export type PromotionRequest = z.infer<typeof promotionRequestSchema>;

/** One change of a model's stage. */
export const promotionSchema = z.object({
  id: z.uuid(),
  modelId: z.uuid(),
  stage: modelStageSchema,
  reason: z.string(),
  /** Name of the token, or `loopback`. */
  promotedBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type Promotion = z.infer<typeof promotionSchema>;
