import { describe, expect, test } from 'vitest';
import { decoderOptions, readConfig } from './config.js';

const least = { DATABASE_URL: 'postgresql://localhost/x', NATS_URL: 'nats://localhost', XVISION_STORE: '/store' };

describe('the environment of the preprocessor', () => {
  test('needs three addresses and has defaults for the rest', () => {
    const config = readConfig(least);

    expect(config).toMatchObject({ CONCURRENCY: 2, MAX_PIXELS: 40_000_000 });
    expect(decoderOptions(config)).toEqual({ size: 2, timeoutMs: 60_000, maxResidentMb: 1024 });
  });

  test('names every bad variable at once', () => {
    expect(() => readConfig({ NATS_URL: 'http://x', CONCURRENCY: '0', MAX_PIXELS: 'many' })).toThrow(
      /(?=[\s\S]*DATABASE_URL)(?=[\s\S]*NATS_URL)(?=[\s\S]*XVISION_STORE)(?=[\s\S]*CONCURRENCY)(?=[\s\S]*MAX_PIXELS)/,
    );
  });
});
