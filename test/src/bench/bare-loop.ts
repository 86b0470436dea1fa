import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * A process that does nothing but run the network over images that lie decoded in memory: what a service with all its
 * duties is held against. Arguments: model, pixels, threads, provider, and which share of how many is its own. It says how
 * it waits for work, then takes each message from its parent as one pass and answers with the images done.
 */
const [model = '', pixels = '', threads = '1', provider = 'cpu', share = '0', shares = '1'] = process.argv.slice(2);
const SIDE = 224;
const IMAGE_BYTES = SIDE * SIDE * 3;
const TRIALS = 4;

const bytes = new Uint8Array(await readFile(pixels));
const count = bytes.length / IMAGE_BYTES;

/** With spinning threads, the library's default, or without, as the service runs it: on a busy machine spinning loses. */
async function open(spinning: '0' | '1'): Promise<InferenceSession> {
  return await InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: Number(threads),
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: spinning } } },
  });
}

async function infer(session: InferenceSession, index: number): Promise<void> {
  const image = bytes.slice(index * IMAGE_BYTES, (index + 1) * IMAGE_BYTES);
  await session.run({ [session.inputNames[0] ?? '']: new Tensor('uint8', image, [1, SIDE, SIDE, 3]) });
}

async function milliseconds(session: InferenceSession): Promise<number> {
  const started = performance.now();
  await infer(session, 0);
  return performance.now() - started;
}

/** The quicker of the two on this machine just now, so that the service is held against the better one. */
async function quickest(): Promise<{ session: InferenceSession; how: string }> {
  const [still, spinning] = [await open('0'), await open('1')];
  const best = { still: Number.POSITIVE_INFINITY, spinning: Number.POSITIVE_INFINITY };
  for (let trial = 0; trial < TRIALS; trial += 1) {
    best.still = Math.min(best.still, await milliseconds(still));
    best.spinning = Math.min(best.spinning, await milliseconds(spinning));
  }
  const spins = best.spinning < best.still;
  await (spins ? still : spinning).release();
  return { session: spins ? spinning : still, how: spins ? 'spinning threads' : 'no spinning threads' };
}

const { session, how } = await quickest();

async function pass(): Promise<void> {
  let done = 0;
  for (let index = Number(share); index < count; index += Number(shares), done += 1) await infer(session, index);
  process.send?.(done);
}

process.on('message', () => {
  void pass();
});
process.send?.(how);
