import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  busEnvironment,
  catalogueEnvironment,
  processEnvironment,
  readEnvironment,
  storeEnvironment,
} from './environment.js';

const schema = z.object({ ...processEnvironment, ...catalogueEnvironment, ...busEnvironment, ...storeEnvironment });

describe('readEnvironment', () => {
  test('reports every bad variable at once, by name', () => {
    const read = () =>
      readEnvironment(schema, { DATABASE_URL: 'mysql://x', NATS_URL: 'localhost', HEALTH_PORT: '70000' });

    for (const name of ['DATABASE_URL', 'NATS_URL', 'HEALTH_PORT', 'XVISION_STORE']) expect(read).toThrow(name);
  });

  test('never repeats a value, which may be a secret', () => {
    const read = () => readEnvironment(schema, { DATABASE_URL: 'mysql://user:hunter2@host/db' });

    expect(read).not.toThrow('hunter2');
    expect(read).toThrow('Bad environment');
  });

  test('an empty variable counts as not set', () => {
    const config = readEnvironment(z.object(processEnvironment), { LOG_LEVEL: '', HEALTH_PORT: '' });

    expect(config).toMatchObject({ LOG_LEVEL: 'info', HEALTH_PORT: 0 });
  });
});
