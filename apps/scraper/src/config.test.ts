import { expect, test } from 'vitest';
import { readConfig } from './config.js';

const good = {
  DATABASE_URL: 'postgresql://localhost/xvision',
  NATS_URL: 'nats://127.0.0.1:4222',
  XVISION_STORE: '/var/lib/xvision',
};

test('three variables are enough', () => {
  expect(readConfig(good)).toMatchObject({ ...good, CONCURRENCY: 4 });
});

test('every fault is named at once, and no value is repeated', () => {
  const bad = {
    NATS_URL: 'http://secret@host',
    OPENI_URL: 'file:///etc/passwd',
    CONCURRENCY: '0',
    XVISION_SALT: 'short',
  };

  const read = (): unknown => readConfig(bad);

  for (const name of ['DATABASE_URL', 'NATS_URL', 'XVISION_STORE', 'OPENI_URL', 'CONCURRENCY', 'XVISION_SALT']) {
    expect(read).toThrow(name);
  }
  expect(read).not.toThrow(/secret|passwd|short$/);
});
