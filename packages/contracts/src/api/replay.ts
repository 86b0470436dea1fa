import { z } from 'zod';

/** What this server can do about replays: the page shows what it says, and offers nothing that is not there. */
export const replayCapabilitySchema = z.object({
  available: z.boolean(),
  /** Why not; null when it is. */
  reason: z.string().nullable(),
  /** What can be asked for, for people. */
  modes: z.array(z.object({ mode: z.enum(['audit', 'shadow', 'rebuild', 'redrive']), description: z.string() })),
  /** Events that could be replayed, and since when they are kept. */
  events: z.object({ count: z.number().int(), oldestAt: z.iso.datetime().nullable() }),
});
export type ReplayCapability = z.infer<typeof replayCapabilitySchema>;
