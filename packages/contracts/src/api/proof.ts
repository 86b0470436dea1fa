import { z } from 'zod';

/**
 * From what a run says back to where its images came from. Each link holds when the bytes that one record names are
 * there, hash to that name, and say what the next record says.
 */
export const proofLevelSchema = z.enum([
  'report',
  'scores',
  'model',
  'checkpoint',
  'dataset',
  'features',
  'prepared',
  'original',
  'source',
  /** Computed again instead of hashed again; only where it is asked for. */
  'training',
]);
export type ProofLevel = z.infer<typeof proofLevelSchema>;

export const proofLinkSchema = z.object({
  level: proofLevelSchema,
  /** The thing itself: the file of an image, or for example `network 2 after epoch 20`. */
  of: z.string(),
  imageId: z.uuid().nullable(),
  /** The sha256 that the record before it names; null where the link compares values, not bytes. */
  expected: z.string().nullable(),
  /** The sha256 of the bytes that are there; null where there are none. */
  found: z.string().nullable(),
  /** Why the link does not hold and what to do; null where it holds. */
  problem: z.string().nullable(),
});
export type ProofLink = z.infer<typeof proofLinkSchema>;
