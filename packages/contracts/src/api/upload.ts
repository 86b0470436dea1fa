import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';

export const uploadSchema = z.object({ sha256: sha256Schema, byteLength: z.number().int() });
export type Upload = z.infer<typeof uploadSchema>;

/** Which of these must be uploaded before they can be collected. */
export const missingUploadsRequestSchema = z.object({ sha256: z.array(sha256Schema).max(100_000) });
export const missingUploadsSchema = z.object({ missing: z.array(sha256Schema) });
