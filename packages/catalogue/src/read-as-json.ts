import type { Database } from './database.js';
import type { Prisma } from './generated/client.js';

/**
 * The rows of a query as one JSON value: what the driver and Prisma do for each column of each row costs more than
 * PostgreSQL's writing of JSON and one reading of it. A row has JSON's types: a time is a text.
 */
export async function readAsJson<Row>(db: Database, query: Prisma.Sql): Promise<Row[]> {
  const [all] = await db.prisma.$queryRaw<{ rows: Row[] }[]>`
    SELECT coalesce(json_agg(row), '[]') AS rows FROM (${query}) AS row`;
  return all?.rows ?? [];
}
