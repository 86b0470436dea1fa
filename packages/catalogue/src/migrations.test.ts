import { describe, expect, test } from 'vitest';
import { pendingMigrations, readMigrations } from './migrations.js';

const files = [
  { name: '0001-a.sql', sql: 'A', sha256: 'a' },
  { name: '0002-b.sql', sql: 'B', sha256: 'b' },
];

describe('pendingMigrations', () => {
  test('gives the files that are not applied yet, in order', () => {
    expect(pendingMigrations(files, [])).toEqual(files);
    expect(pendingMigrations(files, [{ name: '0001-a.sql', sha256: 'a' }])).toEqual(files.slice(1));
  });

  test('a file that changed after it was applied is refused by name', () => {
    expect(() => pendingMigrations(files, [{ name: '0001-a.sql', sha256: 'x' }])).toThrow(
      /0001-a\.sql was changed after it was applied.*new migration/,
    );
  });

  test('a database from a newer version is refused', () => {
    expect(() => pendingMigrations(files, [{ name: '0003-c.sql', sha256: 'c' }])).toThrow(/older than the database/);
  });
});

test('no two files have the same number, so that two branches cannot both add the next one unseen', async () => {
  const numbers = (await readMigrations()).map((file) => file.name.slice(0, 4));

  expect(numbers.every((number) => /^\d{4}$/.test(number))).toBe(true);
  expect(new Set(numbers).size).toBe(numbers.length);
});
