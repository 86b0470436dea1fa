import { describe, expect, test } from 'vitest';
import { batching, readConfig } from './config.js';

const complete = {
  DATABASE_URL: 'postgresql://127.0.0.1/xvision',
  NATS_URL: 'nats://127.0.0.1:4222',
  XVISION_STORE: '/store',
  XVISION_CACHE: '/cache',
};

describe('readConfig', () => {
  test('what is not set gets its default, and an untrained backbone is never the default', () => {
    expect(readConfig(complete)).toMatchObject({
      ENGINE: 'auto',
      XVISION_ALLOW_UNTRAINED: false,
    });
  });

  test('every bad variable is named at once', () => {
    const environment = { ...complete, ENGINE: 'abacus', ENGINE_THREADS: '0', NATS_URL: undefined };

    expect(() => readConfig(environment)).toThrow(/NATS_URL[\s\S]*ENGINE[\s\S]*ENGINE_THREADS/);
  });

  test('a CPU computes image by image and a GPU in batches, unless the environment says otherwise', () => {
    expect(batching(readConfig(complete), 'cpu')).toEqual({ concurrency: 4, maxBatch: 1 });
    expect(batching(readConfig(complete), 'cuda')).toEqual({ concurrency: 64, maxBatch: 32 });
    expect(batching(readConfig({ ...complete, BATCH_SIZE: '2', CONCURRENCY: '3' }), 'cpu')).toEqual({
      concurrency: 3,
      maxBatch: 2,
    });
  });
});
