import { expect, test } from 'vitest';
import { stateOf } from './tokens.js';

const token = {
  id: '01890000-0000-7000-8000-000000000001',
  name: 'reader',
  role: 'viewer' as const,
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
};
const now = Date.parse('2026-06-01T00:00:00.000Z');

test('a token is valid until it expires or is revoked, whichever comes first', () => {
  expect(stateOf(token, now)).toBe('valid until revoked');
  expect(stateOf({ ...token, expiresAt: '2026-07-01T00:00:00.000Z' }, now)).toMatch(/^valid until/);
  expect(stateOf({ ...token, expiresAt: '2026-05-01T00:00:00.000Z' }, now)).toMatch(/^expired/);
  expect(stateOf({ ...token, revokedAt: '2026-05-01T00:00:00.000Z' }, now)).toMatch(/^revoked/);
});
