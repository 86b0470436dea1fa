import { z } from 'zod';

/** Grey values from black to white, as DICOM's VOI LUT functions have it (PS3.3 C.11.2.1). */
const greyWindowSchema = z.object({
  centre: z.number(),
  width: z.number().positive(),
  shape: z.enum(['LINEAR', 'LINEAR_EXACT', 'SIGMOID']),
});
export type GreyWindow = z.infer<typeof greyWindowSchema>;

/**
 * How the decoded values of an original are read, as the header `X-Xvision-Grey` says: row-major, little-endian, `bits` a
 * sample. Windows are of modality values: `slope` times the value plus `intercept`.
 */
export const greyValuesSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** 3: colour, interleaved, of 8 bits. */
  samples: z.union([z.literal(1), z.literal(3)]),
  bits: z.union([z.literal(8), z.literal(16)]),
  signed: z.boolean(),
  /** Significant bits a sample, as the file has them. */
  bitsStored: z.number().int().positive(),
  slope: z.number(),
  intercept: z.number(),
  /** The least value is white: MONOCHROME1. */
  inverted: z.boolean(),
  /** Of the values in the picture, as they are stored. */
  least: z.number().int(),
  most: z.number().int(),
  /** Of the file itself, in its order. */
  windows: z.array(greyWindowSchema),
  /** All that the stored bits can hold. */
  full: greyWindowSchema,
  /** As a viewer first shows it, and as the network input was made: the first window, or the full range. */
  first: greyWindowSchema,
});
export type GreyValues = z.infer<typeof greyValuesSchema>;
