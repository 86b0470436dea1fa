import path from 'node:path';
import { projectRoot } from '@xvision/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { askEngines } from './available-engines.js';
import { openSession } from './open-session.js';
import type { EngineName, Session } from './session.js';
import { float32Of } from './tensor.js';
import { aSmallNetwork, somePictures } from './test-network.js';
import { openWorkerSession } from './worker-session.js';

/** Where CI puts TensorFlow.js' native package: it is no dependency of this project. */
const nativeModules =
  process.env['XVISION_NATIVE_MODULES'] ?? path.join(projectRoot(), '.xvision', 'cache', 'native-modules');

const GPU_ENGINES: readonly EngineName[] = ['onnx-cuda', 'onnx-webgpu', 'tensorflow-gpu'];
const asked = await askEngines({ nativeModules });
const present = asked.flatMap(({ engine, unavailable }) => (unavailable === undefined ? [engine] : []));

/** Of ONNX Runtime on the CPU, which the other engines must agree with. */
async function referenceRows(count: number): Promise<Float32Array> {
  await using session = await openSession(aSmallNetwork());
  return float32Of(await session.run(somePictures(count)), 'rows');
}

async function expectReferenceRows(session: Session): Promise<void> {
  const expected = await referenceRows(3);
  const largest = Math.max(...expected);
  const rows = float32Of(await session.run(somePictures(3)), 'rows');
  expect(rows).toHaveLength(expected.length);
  for (const [index, value] of rows.entries()) {
    expect(Math.abs(value - (expected[index] ?? Number.NaN))).toBeLessThan(1e-5 * largest);
  }
}

/** Of the GPU's engines those that are not here are shown as skipped, which CI allows to what needs a GPU alone. */
const engines = [...new Set([...present, ...GPU_ENGINES])];
const titled = engines.map((engine) => [GPU_ENGINES.includes(engine) ? `${engine} on a GPU` : engine, engine] as const);

describe.each(titled)('%s', (_, engine) => {
  beforeEach(({ skip }) => {
    skip(!present.includes(engine), 'no such library or GPU here');
  });

  test('gives the same rows as every other engine, here and in a worker', async () => {
    await using here = await openSession(aSmallNetwork(), { engine, nativeModules });
    await using there = await openWorkerSession(aSmallNetwork(), { engine, nativeModules });

    await expectReferenceRows(here);
    await expectReferenceRows(there);
    expect(here.describe().engine).toBe(engine);
  });

  test('runs 1,000 batches in the memory of the first ones', async () => {
    await using session = await openSession(aSmallNetwork(), { engine, nativeModules });
    const pictures = somePictures(16);
    for (let batch = 0; batch < 200; batch++) await session.run(pictures);
    globalThis.gc?.();
    const before = process.memoryUsage().rss;

    for (let batch = 0; batch < 1000; batch++) await session.run(pictures);

    globalThis.gc?.();
    // 1,000 batches hold 5 MB of results and 49 MB of scratch, if nothing were freed.
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 2 ** 20);
  });

  test('a missing input is told by name', async () => {
    await using session = await openSession(aSmallNetwork(), { engine, nativeModules });

    await expect(session.run({})).rejects.toThrow(/input 'rgb' is missing/);
  });
});
