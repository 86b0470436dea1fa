import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';

/** One image of a frozen dataset, in the dataset's own order. */
export const datasetMemberSchema = z.object({
  position: z.number().int(),
  imageId: z.uuid(),
  collectionId: z.uuid(),
  file: z.string(),
  patient: z.string(),
  view: z.string(),
  class: z.string(),
  featureSha256: sha256Schema,
  folds: z.array(z.number().int()),
});
export type DatasetMember = z.infer<typeof datasetMemberSchema>;
