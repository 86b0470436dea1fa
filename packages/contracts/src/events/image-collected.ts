import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';
import { sha256Schema } from '../identifiers.js';

/** Published once per catalogued image, after its original is durable in the store. */
export const imageCollected = defineEvent({
  entity: 'image',
  fact: 'collected',
  version: 1,
  summary: 'An original is in the store and its image is in the catalogue.',
  payload: z.object({
    imageId: z.uuid(),
    collectionId: z.uuid(),
    /** De-identified original bytes in the blob store. */
    originalSha256: sha256Schema,
    mediaType: z.enum(['image/png', 'image/jpeg', 'application/dicom']),
    byteLength: z.number().int().min(1),
    /** The image is 224 x 224 already and must not be cropped or resized. */
    asPrepared: z.boolean(),
  }),
});
export type ImageCollected = PayloadOf<typeof imageCollected>;
