import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rememberedVariant, rememberVariant, timingKey } from './remembered-variant.js';

describe('the remembered variant', () => {
  let cacheDir: string;

  beforeEach(async () => {
    cacheDir = await mkdtemp(path.join(tmpdir(), 'xvision-variant-test-'));
  });

  afterEach(async () => {
    await rm(cacheDir, { recursive: true, force: true });
  });

  test('the first choice of a machine stays, so that its features keep their bytes', async () => {
    await rememberVariant(cacheDir, 'this machine', 'winograd');

    expect(await rememberVariant(cacheDir, 'this machine', 'plain')).toBe('winograd');
    expect(await rememberedVariant(cacheDir, 'this machine')).toBe('winograd');
  });

  test('another library or number of threads is timed anew', async () => {
    await rememberVariant(cacheDir, timingKey('onnxruntime-node 1.30.0', 1), 'winograd');

    expect(await rememberedVariant(cacheDir, timingKey('onnxruntime-node 1.30.0', 2))).toBeUndefined();
  });

  test('a damaged file only costs another timing', async () => {
    await writeFile(path.join(cacheDir, 'backbone-variants.json'), '{"this mach');

    expect(await rememberedVariant(cacheDir, 'this machine')).toBeUndefined();
    expect(await rememberVariant(cacheDir, 'this machine', 'plain')).toBe('plain');
  });
});
