import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';
import { featureIdentitySchema, POOL5_LENGTH, sha256Schema } from '../identifiers.js';

/** Published once per image, after its feature row is durable in the store. */
export const featuresExtracted = defineEvent({
  entity: 'features',
  fact: 'extracted',
  version: 1,
  summary: 'The pool5 row of an image is in the store.',
  payload: z.object({
    imageId: z.uuid(),
    identity: featureIdentitySchema,
    /** The float32 row in the blob store; the numbers themselves do not travel. */
    featureSha256: sha256Schema,
    featureLength: z.literal(POOL5_LENGTH),
    /** Engine and device as the library itself reports them, for example `onnx-cpu (onnxruntime-node 1.30.0)`. */
    engine: z.string().min(1),
  }),
});
export type FeaturesExtracted = PayloadOf<typeof featuresExtracted>;
