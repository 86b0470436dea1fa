import { Prisma } from '../generated/client.js';

/**
 * The one meaning of "settled", as SQL over `image` and its `collection`: the image is not rejected, has no features from
 * the weights with which its collection was extracted last, and nobody gave it up by discarding a dead letter about it.
 */
export const imageIsUnsettled = Prisma.sql`(
  NOT EXISTS (SELECT FROM image_rejection WHERE image_rejection.image_id = image.id)
  AND NOT EXISTS (
    SELECT FROM prepared_image JOIN feature
      ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing
    WHERE prepared_image.image_id = image.id
      AND feature.weights = collection.weights AND feature.numerics = collection.numerics)
  AND NOT EXISTS (
    SELECT FROM event JOIN dead_letter ON dead_letter.event_id = event.id::text
    WHERE event.about = image.id::text AND dead_letter.state = 'discarded'))`;

/** Harvested, and no image is unsettled. */
export const collectionIsSettled = Prisma.sql`(
  collection.state = 'harvested'
  AND NOT EXISTS (SELECT FROM image WHERE image.collection_id = collection.id AND ${imageIsUnsettled}))`;
