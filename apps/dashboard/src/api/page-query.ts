import { z } from 'zod';

const limit = z.coerce.number().int().min(1).max(500);

/** Of a list whose cursor is the id of the last row. */
export const idPageQuery = {
  cursor: z.uuid().optional().meta({ description: 'The `next` of the page before' }),
  limit: limit.default(50),
} as const;

/** Of a list whose cursor is a number. */
export const numberPageQuery = {
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'a whole number')
    .optional()
    .meta({ description: 'The `next` of the page before' }),
  limit: limit.default(50),
} as const;

/** One row more than a page holds is asked for: it shows whether another page follows. */
export function page<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
): { rows: readonly Row[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
