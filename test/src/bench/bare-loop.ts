import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * A process that does nothing but run the network over images that lie decoded in memory, with the library's own defaults:
 * what a service with all its duties is held against. Arguments: model, pixels, threads, provider. Each message from its
 * parent is one pass; it answers with the images done.
 */
const [model = '', pixels = '', threads = '1', provider = 'cpu'] = process.argv.slice(2);
const SIDE = 224;
const IMAGE_BYTES = SIDE * SIDE * 3;

const session = await InferenceSession.create(model, {
  executionProviders: [provider],
  intraOpNumThreads: Number(threads),
  logSeverityLevel: 3,
});
const [input = ''] = session.inputNames;
const bytes = new Uint8Array(await readFile(pixels));
const count = bytes.length / IMAGE_BYTES;

async function pass(): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const image = bytes.slice(index * IMAGE_BYTES, (index + 1) * IMAGE_BYTES);
    await session.run({ [input]: new Tensor('uint8', image, [1, SIDE, SIDE, 3]) });
  }
}

process.on('message', () => {
  void pass().then(() => process.send?.(count));
});
process.send?.('ready');
