import { z } from 'zod';

/** An unfit image gets a reason, never a score. */
export const predictionSchema = z.union([
  z.object({ file: z.string(), probabilities: z.record(z.string(), z.number()) }),
  z.object({ file: z.string(), abstained: z.string() }),
]);
export type Prediction = z.infer<typeof predictionSchema>;

export const predictionJobSchema = z.object({
  id: z.uuid(),
  modelId: z.uuid(),
  collectionId: z.uuid(),
  state: z.enum(['waiting', 'requested', 'done', 'failed']),
  message: z.string().nullable(),
  predictions: z.array(predictionSchema),
  notice: z.literal('Research use only; not a medical device'),
});
export type PredictionJob = z.infer<typeof predictionJobSchema>;

export const predictionRequestSchema = z.object({ modelId: z.uuid(), collectionId: z.uuid() });
export type PredictionRequest = z.infer<typeof predictionRequestSchema>;
