import { createHash } from 'node:crypto';
import { Prisma } from './generated/client.js';

const MARK = '/* planned once */';

/**
 * Put into a statement whose best plan is the same whatever its values, such as one that looks rows up by their ids: each
 * connection plans it once. Planning costs more than reading where many tables meet. Not for a filter: how a list is best
 * gone through depends on what is asked for.
 */
export const PLANNED_ONCE = Prisma.raw(MARK);

const names = new Map<string, string>();

/** The name under which PostgreSQL keeps the plan of a marked statement; none for any other. */
export function statementName({ sql }: { readonly sql: string }): string {
  if (!sql.includes(MARK)) return '';
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = createHash('sha1').update(sql).digest('hex');
  names.set(sql, name);
  return name;
}
