import { z } from 'zod';

/** Lower-case hexadecimal sha256; the key of every blob. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be a lower-case hexadecimal sha256');

/** VGG16 pool5 flattens to 7 x 7 x 512, NHWC: index = (y * 7 + x) * 512 + c. Another backbone means a new event version. */
export const POOL5_LENGTH = 25_088;

/** The identity of the ImageNet VGG16 weights: sha256 over kernel then bias of the 13 layers as little-endian float32. */
export const VGG16_IMAGENET_WEIGHTS = 'd9a27cc1fc7f975ef8cff49180e794ccd7c4bc868ebb49740803b3bbaa8dbefd';

/** Version of decode, crop and resize; a change of any of them moves the features, so it is part of every feature key. */
export const PREPROCESSING_VERSION = 'centre-crop-224-v1';

/** For images that are 224 x 224 already and taken as they are. */
export const AS_PREPARED_VERSION = 'as-prepared-v1';

export const backboneSchema = z.enum(['vgg16']);
export type Backbone = z.infer<typeof backboneSchema>;

/** What makes two feature rows the same row. */
export const featureIdentitySchema = z.object({
  preparedSha256: sha256Schema,
  backbone: backboneSchema,
  /** Identity of the weights, see {@link VGG16_IMAGENET_WEIGHTS}; `untrained-…` rows have their own. */
  weights: sha256Schema,
  preprocessing: z.string().min(1),
  /** `float32` for every exact engine; approximate graphs name themselves, for example `int8-<calibration hash>`. */
  numerics: z.string().min(1),
});
export type FeatureIdentity = z.infer<typeof featureIdentitySchema>;

/**
 * Hashes at most this far apart (bits of 64) are taken for the same picture. Measured on 544 different chest radiographs
 * (jsrt128 and kermany): the nearest two different patients are 9 apart, 99 % of the images 11 or more from any other;
 * the same image brighter, gamma-shifted, as JPEG of quality 40 or reduced to 128 pixels is at most 10, in 99 % at most 7 apart.
 * A crop by 2 % is not found (median 10): that is left to the features.
 */
export const NEAR_DUPLICATE_DISTANCE = 8;
