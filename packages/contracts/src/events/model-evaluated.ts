import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';
import { sha256Schema } from '../identifiers.js';

/** Published after the report of a model is in the catalogue; the last event of the main job. */
export const modelEvaluated = defineEvent({
  entity: 'model',
  fact: 'evaluated',
  version: 1,
  summary: 'The report of a model is in the catalogue.',
  payload: z.object({ runId: z.uuid(), modelId: z.uuid(), reportSha256: sha256Schema }),
});
export type ModelEvaluated = PayloadOf<typeof modelEvaluated>;
