import { expect, test } from 'vitest';
import { Prisma } from './generated/client.js';
import { PLANNED_ONCE, statementName } from './planned-once.js';

test('a marked statement has one name whatever its values, another statement another, and an unmarked one none', () => {
  const byId = (id: number) => Prisma.sql`${PLANNED_ONCE} SELECT ${id}`;
  const name = statementName(byId(1));

  expect(name).toMatch(/^[0-9a-f]{40}$/);
  expect(statementName(byId(2))).toBe(name);
  expect(statementName(Prisma.sql`${PLANNED_ONCE} SELECT ${1} + 1`)).not.toBe(name);
  expect(statementName(Prisma.sql`SELECT ${1}`)).toBe('');
});
