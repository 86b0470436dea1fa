import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';
import { sha256Schema } from '../identifiers.js';

/** Published once per run, before its first training step. */
export const datasetFrozen = defineEvent({
  entity: 'dataset',
  fact: 'frozen',
  version: 1,
  summary: 'The images, labels, patients and folds of a run are fixed by the hash of their manifest.',
  payload: z.object({
    runId: z.uuid(),
    datasetSha256: sha256Schema,
    images: z.number().int().min(1),
    patients: z.number().int().min(1),
    perClass: z.record(z.string(), z.number().int().min(0)),
  }),
});
export type DatasetFrozen = PayloadOf<typeof datasetFrozen>;
