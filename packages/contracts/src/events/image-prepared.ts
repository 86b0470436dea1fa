import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';
import { sha256Schema } from '../identifiers.js';

/** Published once per image that decodes and passes the quality checks. */
export const imagePrepared = defineEvent({
  entity: 'image',
  fact: 'prepared',
  version: 1,
  summary: 'The 224 x 224 network input of an image is in the store.',
  payload: z.object({
    imageId: z.uuid(),
    originalSha256: sha256Schema,
    /** A 224 x 224 grey or RGB PNG in the blob store. */
    preparedSha256: sha256Schema,
    preprocessing: z.string().min(1),
  }),
});
export type ImagePrepared = PayloadOf<typeof imagePrepared>;
