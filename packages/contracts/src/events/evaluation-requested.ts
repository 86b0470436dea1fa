import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';

/** Published when a trained model shall be evaluated again, or shall score new images (a prediction job). */
export const evaluationRequested = defineEvent({
  entity: 'evaluation',
  fact: 'requested',
  version: 1,
  summary: 'A model shall be evaluated again, or shall score the images of a prediction job.',
  payload: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('run'), runId: z.uuid() }),
    z.object({ kind: z.literal('prediction'), predictionJobId: z.uuid() }),
  ]),
});
export type EvaluationRequested = PayloadOf<typeof evaluationRequested>;
