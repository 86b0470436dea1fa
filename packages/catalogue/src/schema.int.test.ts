import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCatalogue, type TestCatalogue } from './test-catalogue.js';

/** Prisma's types as PostgreSQL names them; anything else in the schema fails the comparison. */
const TYPES: Readonly<Record<string, string>> = {
  String: 'text',
  'String @db.Uuid': 'uuid',
  Int: 'int4',
  'Int @db.SmallInt': 'int2',
  BigInt: 'int8',
  Float: 'float8',
  'Float @db.Real': 'float4',
  Boolean: 'bool',
  Json: 'jsonb',
  'DateTime @db.Timestamptz(6)': 'timestamptz',
  'Unsupported("text[]")': '_text',
  'Unsupported("tsvector")': 'tsvector',
};

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
}

interface Model {
  readonly table: string;
  readonly lines: string[];
}

async function readModels(): Promise<Model[]> {
  const text = await readFile(path.join(import.meta.dirname, '..', 'prisma', 'schema.prisma'), 'utf8');
  return [...text.matchAll(/^model \w+ \{\n(.*?)^\}/gms)].map((match) => {
    const body = match[1] ?? '';
    return { table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '', lines: body.split('\n').map((line) => line.trim()) };
  });
}

function columnsOf({ table, lines }: Model): Column[] {
  return lines.flatMap((line) => {
    const [, name = '', base = '', mark = ''] = /^(\w+)\s+(\w+(?:\("[^"]*"\))?)(\[\]|\?)?/.exec(line) ?? [];
    const native = /@db\.\w+(?:\(\d+\))?/.exec(line)?.[0];
    const isRelation = /^[A-Z]/.test(base) && !(base in TYPES) && base !== 'DateTime';
    if (name === '' || isRelation) return [];
    const type = TYPES[native === undefined ? base : `${base} ${native}`] ?? `unknown: ${line}`;
    const column = /@map\("(\w+)"\)/.exec(line)?.[1] ?? name;
    const found = mark === '[]' ? `_${type}` : type;
    return [{ table, column, type: found, nullable: mark === '?' && !found.startsWith('_') }];
  });
}

const order = (columns: Column[]) =>
  columns.toSorted((a, b) => `${a.table}.${a.column}`.localeCompare(`${b.table}.${b.column}`));

describe("Prisma's schema and the migrated database", () => {
  let started: TestCatalogue;
  beforeAll(async () => {
    started = await startCatalogue();
  });
  afterAll(() => started[Symbol.asyncDispose]());

  test('have the same tables, columns, types and nullability', async () => {
    const found = await started.catalogue.prisma.$queryRaw<Column[]>`
      SELECT table_name AS "table", column_name AS "column", udt_name AS type, is_nullable = 'YES' AS nullable
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'applied_migration'`;

    // Prisma has no nullable lists: it reads null as an empty one.
    const comparable = found.map((one) => (one.type.startsWith('_') ? { ...one, nullable: false } : one));
    expect(order((await readModels()).flatMap(columnsOf))).toEqual(order(comparable));
  });

  test('have the same indexes, but for those of some rows or of an expression, which Prisma need not name', async () => {
    const found = await started.catalogue.prisma.$queryRaw<{ name: string; plain: boolean }[]>`
      SELECT index.relname AS name, indexprs IS NULL AS plain FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
      JOIN pg_namespace ON pg_namespace.oid = index.relnamespace
      WHERE nspname = 'public' AND NOT indisunique AND indpred IS NULL`;
    const declared = (await readModels()).flatMap(({ lines }) =>
      lines.flatMap((line) => /^@@index\(.*map: "(\w+)"/.exec(line)?.[1] ?? []),
    );

    const wanted = found.filter(({ name, plain }) => plain || declared.includes(name)).map(({ name }) => name);
    expect(declared.toSorted()).toEqual(wanted.toSorted());
  });

  test('every foreign key has an index to find its rows by', async () => {
    const bare = await started.catalogue.prisma.$queryRaw`
      SELECT conrelid::regclass::text AS table, conname AS key FROM pg_constraint
      WHERE contype = 'f' AND NOT EXISTS (
        SELECT FROM pg_index WHERE indrelid = conrelid AND (indkey::int2[])[0:0] = conkey[1:1])
      ORDER BY 1`;

    expect(bare).toEqual([]);
  });
});
