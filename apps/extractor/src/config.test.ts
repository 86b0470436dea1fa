import { describe, expect, test } from 'vitest';
import { batching, copiesOf, readConfig } from './config.js';

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
    const [cpu, twice, cuda] = [{ device: 'cpu' }, { device: 'cpu', copies: 2 }, { device: 'cuda' }];

    expect(batching(readConfig(complete), cpu)).toEqual({ concurrency: 14, maxBatch: 1, inFlight: 2 });
    expect(batching(readConfig(complete), twice)).toEqual({ concurrency: 16, maxBatch: 1, inFlight: 4 });
    expect(batching(readConfig(complete), cuda)).toEqual({ concurrency: 64, maxBatch: 32, inFlight: 2 });
    expect(batching(readConfig({ ...complete, BATCH_SIZE: '2', CONCURRENCY: '3' }), cpu)).toEqual({
      concurrency: 3,
      maxBatch: 2,
      inFlight: 2,
    });
  });

  test('one thread has one copy of the network, more have two unless the environment says so itself', () => {
    expect(copiesOf(readConfig({ ...complete, ENGINE_THREADS: '1' }))).toBe(1);
    expect(copiesOf(readConfig({ ...complete, ENGINE_THREADS: '8' }))).toBe(2);
    expect(copiesOf(readConfig({ ...complete, ENGINE_THREADS: '8', ENGINE_COPIES: '4' }))).toBe(4);
  });
});
