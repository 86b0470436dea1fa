import { expect, test } from 'vitest';
import { readConfig } from './config.js';

const servers = { DATABASE_URL: 'postgresql://localhost/xvision', NATS_URL: 'nats://localhost:4222' };

test('two addresses are all that the relay needs', () => {
  expect(readConfig(servers)).toMatchObject({ ...servers, NATS_REPLICAS: 1, SWEEP_SECONDS: 3 });
});

test('every fault is reported at once', () => {
  const read = () => readConfig({ NATS_URL: 'http://x', SWEEP_SECONDS: '0' });

  for (const name of ['DATABASE_URL', 'NATS_URL', 'SWEEP_SECONDS']) expect(read).toThrow(name);
});
