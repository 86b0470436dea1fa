import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';
import { sourceLabelsSchema, viewSchema } from '../labels.js';

/** By what an image can be recognised in another set. */
export const fingerprintSchema = z.object({
  imageId: z.uuid(),
  file: z.string(),
  /** Source and name of its collection. */
  collection: z.string(),
  patient: z.string(),
  view: viewSchema,
  labels: sourceLabelsSchema,
  preparedSha256: sha256Schema,
  /** 64 bits in hexadecimal that survive compression and resizing; null where the image was prepared before they were taken. */
  perceptualHash: z.string().nullable(),
  /** Of pretrained weights; null where there are none, since random ones find every image alike. */
  featureSha256: sha256Schema.nullable(),
  /** One entry per repeat: the fold in which the image is tested; -1 = never. Null outside of a run. */
  folds: z.array(z.number().int()).nullable(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;
