import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { askEngines } from './available-engines.js';
import { OnnxGraph } from './onnx-graph.js';
import { openSession } from './open-session.js';
import { engineLabel, type Session } from './session.js';
import { float32Of, type Tensor, tensor } from './tensor.js';
import { openWorkerSession } from './worker-session.js';

function doubling(): Uint8Array {
  const graph = new OnnxGraph('doubling');
  const x = graph.input('x', 'float32', ['n']);
  graph.output(graph.node('Add', [x, x]), 'float32', { dims: ['n'], as: 'y' });
  return graph.encode();
}

function vector(...values: number[]): Tensor {
  return tensor('float32', [values.length], Float32Array.from(values));
}

/** Every kind of session keeps the same promises. */
const kinds: readonly (readonly [string, (model: Uint8Array) => Promise<Session>])[] = [
  ['a session on this thread', (model) => openSession(model)],
  ['a session in a worker', (model) => openWorkerSession(model)],
];

describe.each(kinds)('%s', (_, open) => {
  test('computes, and says which library ran it and where', async () => {
    await using session = await open(doubling());

    const result = await session.run({ x: vector(1, 2.5) });

    expect(float32Of(result, 'y')).toEqual(Float32Array.of(2, 5));
    expect(session.inputs).toEqual(['x']);
    expect(engineLabel(session.describe())).toMatch(/^onnx-cpu \(onnxruntime-node \d+\.\d+\.\d+, cpu, 1 thread\)$/);
  });

  test('answers concurrent runs each with its own result', async () => {
    await using session = await open(doubling());

    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => session.run({ x: vector(n) })));

    expect(results.map((result) => float32Of(result, 'y')[0])).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n));
  });

  test('a wrong input name is told, and the session works on', async () => {
    await using session = await open(doubling());

    await expect(session.run({ wrong: vector(1) })).rejects.toThrow(/input 'x' is missing/);

    expect(float32Of(await session.run({ x: vector(4) }), 'y')[0]).toBe(8);
  });

  test('bytes that are no model are refused', async () => {
    await expect(open(Uint8Array.of(1, 2, 3))).rejects.toThrow(/protobuf|load model|ModelProto/i);
  });

  test('closing waits for the run in hand, and a closed session refuses more', async () => {
    const session = await open(doubling());
    const inHand = session.run({ x: vector(3) });

    await session[Symbol.asyncDispose]();

    expect(float32Of(await inHand, 'y')[0]).toBe(6);
    await expect(session.run({ x: vector(3) })).rejects.toThrow();
  });
});

describe('engines', () => {
  test('a session in a worker leaves the calling thread free', async () => {
    const graph = new OnnxGraph('long');
    const size = 700;
    let x = graph.input('x', 'float32', [size, size]);
    for (let step = 0; step < 12; step++) x = graph.node('MatMul', [x, x]);
    graph.output(x, 'float32', { dims: [size, size], as: 'y' });
    await using session = await openWorkerSession(graph.encode());
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);

    await session.run({ x: tensor('float32', [size, size], new Float32Array(size * size)) });

    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  test('moved feeds leave the caller with an empty array, copied ones do not', async () => {
    const kept = vector(1, 2);
    const moved = vector(1, 2);
    await using copying = await openWorkerSession(doubling());
    await using moving = await openWorkerSession(doubling(), { moveFeeds: true });

    await Promise.all([copying.run({ x: kept }), moving.run({ x: moved })]);

    expect([kept.data.length, moved.data.length]).toEqual([2, 0]);
  });

  test('an engine whose package is not installed says which one and how to get it', async () => {
    const nativeModules = path.join(import.meta.dirname, 'no-such-folder');

    await expect(openSession(doubling(), { engine: 'tensorflow', nativeModules })).rejects.toThrow(
      /^tensorflow needs the package @tensorflow\/tfjs-node \(npm install @tensorflow\/tfjs-node\), which cannot be loaded/,
    );
  });

  test('an engine without its device says so and names the way out', async () => {
    const error = await openWorkerSession(doubling(), { engine: 'onnx-cuda' }).then(
      async (session) => {
        await session[Symbol.asyncDispose]();
        return undefined; // this machine has CUDA
      },
      (reason: unknown) => reason as Error,
    );

    if (error !== undefined) {
      expect(error.name).toBe('EngineUnavailableError');
      expect(error.message).toMatch(/^onnx-cuda cannot start on this machine .*Use ENGINE=onnx-cpu/s);
    }
  });

  test('onnx-cpu is always among the available engines, with its version', async () => {
    const engines = await askEngines();

    expect(engines).toContainEqual({
      engine: 'onnx-cpu',
      library: expect.stringMatching(/^onnxruntime-node \d/) as string,
    });
  });
});
