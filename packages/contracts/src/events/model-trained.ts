import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';
import { sha256Schema } from '../identifiers.js';

/** Published once per run, after the model's weights and out-of-fold scores are durable. */
export const modelTrained = defineEvent({
  entity: 'model',
  fact: 'trained',
  version: 1,
  summary: 'A model is in the store and waits for its evaluation.',
  payload: z.object({ runId: z.uuid(), modelId: z.uuid(), modelSha256: sha256Schema, datasetSha256: sha256Schema }),
});
export type ModelTrained = PayloadOf<typeof modelTrained>;
