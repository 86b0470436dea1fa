import { z } from 'zod';
import { roleSchema } from './session.js';

/** A token as the catalogue knows it: never the token itself, of which only the hash is kept. */
export const apiTokenSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
  /** Null: until it is revoked. */
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type ApiToken = z.infer<typeof apiTokenSchema>;

export const apiTokenRequestSchema = z.strictObject({
  /** Who will use it, for the log. */
  name: z.string().trim().min(1).max(120),
  role: roleSchema,
  /** Whole days until it is no longer taken; without it until it is revoked. */
  days: z.number().int().min(1).max(3650).optional(),
});

/** The only time that the token is told. */
export const newApiTokenSchema = apiTokenSchema.extend({ token: z.string() });
