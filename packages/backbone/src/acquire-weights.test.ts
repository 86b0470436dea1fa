import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acquireWeights } from './acquire-weights.js';
import { downloadKerasFile } from './download-keras-file.js';
import { WeightsError } from './weights.js';

describe('acquireWeights without any weights', () => {
  let cacheDir: string;

  beforeAll(async () => {
    cacheDir = await mkdtemp(path.join(tmpdir(), 'xvision-weights-test-'));
  });

  afterAll(async () => {
    await rm(cacheDir, { recursive: true, force: true });
  });

  test('lists what was tried and how to get them', async () => {
    const error = await acquireWeights({ cacheDir, offline: true }).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );

    expect(error).toBeInstanceOf(WeightsError);
    expect(error?.message).toMatch(/Tried:\n {2}- cache: nothing in .*\n {2}- network: not asked/);
    expect(error?.message).toMatch(/name the file in XVISION_WEIGHTS;\nor take --untrained-backbone/);
  });

  test('goes on untrained only when told to, says so, and caches nothing', async () => {
    const said: string[] = [];

    const weights = await acquireWeights({
      cacheDir,
      offline: true,
      allowUntrained: true,
      log: (line) => said.push(line),
    });

    expect(weights.trained).toBe(false);
    expect(said.join('\n')).toMatch(/UNTRAINED backbone/);
    expect(await readdir(cacheDir)).toEqual([]);
  });

  test('a download with a wrong checksum is refused with both sums', async () => {
    const wrong = (): Promise<Response> => Promise.resolve(new Response('not weights'));

    await expect(downloadKerasFile(path.join(cacheDir, 'file.h5'), wrong)).rejects.toThrow(
      /wrong checksum: md5 [0-9a-f]{32} of 11 bytes, expected 6d6bbae143d832006294945121d1f1fc/,
    );
  });

  test('a download that the server refuses tells the status', async () => {
    const refused = (): Promise<Response> => Promise.resolve(new Response('', { status: 503 }));

    await expect(downloadKerasFile(path.join(cacheDir, 'file.h5'), refused)).rejects.toThrow(/HTTP status 503/);
  });
});
