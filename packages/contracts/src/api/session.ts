import { z } from 'zod';

export const roleSchema = z.enum(['viewer', 'operator']);

/** Who the server takes the caller for. */
export const sessionSchema = z.object({
  /** `none`: only loopback is listened on and whoever reaches it is an operator. */
  authentication: z.enum(['none', 'token']),
  name: z.string().nullable(),
  /** Null: a token is needed first. */
  role: roleSchema.nullable(),
});
export type Session = z.infer<typeof sessionSchema>;
