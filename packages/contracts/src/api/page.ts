import { z } from 'zod';

/** One page of a list; `next` is the cursor of the page after it, null at the end. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** RFC 9457: how the API says no. Sent as `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** What happened, to which thing, and what to do next. */
  detail: z.string(),
  /** Every fault of a request that broke its schema. */
  faults: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
