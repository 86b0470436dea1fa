import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { randomNumbers, randomRow } from './feature-rows.js';

/**
 * Ordinary training of the published head in TensorFlow.js with its native library, where it is installed (or on NODE_PATH):
 * epochs wanted per line in, measured seconds out. Arguments: images, batch size.
 */
interface Tensor {
  dispose(): void;
}

interface Model {
  add(layer: object): void;
  compile(options: object): void;
  trainOnBatch(rows: Tensor, labels: Tensor): Promise<number>;
}

/** The part of the library that is used here; it is no dependency of this project. */
interface TensorFlow {
  readonly version: Readonly<Record<string, string>>;
  sequential(): Model;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  readonly train: { sgd(learningRate: number): object };
  readonly layers: {
    dense(options: object): object;
    batchNormalization(options: object): object;
    reLU(options?: object): object;
  };
}

const [count = 0, batchSize = 20] = process.argv.slice(2).map(Number);
const WIDTH = 25_088;

function load(): TensorFlow | undefined {
  try {
    return createRequire(import.meta.url)('@tensorflow/tfjs-node') as TensorFlow;
  } catch {
    return undefined;
  }
}

function headIn(tf: TensorFlow): Model {
  const { layers } = tf;
  const model = tf.sequential();
  const hidden = (options: object) => {
    model.add(layers.dense({ units: 512, useBias: false, ...options }));
    model.add(layers.batchNormalization({ epsilon: 1e-3 }));
    model.add(layers.reLU());
  };
  hidden({ inputShape: [WIDTH] });
  hidden({});
  model.add(layers.dense({ units: 2, activation: 'softmax' }));
  model.compile({ optimizer: tf.train.sgd(0.01), loss: 'categoricalCrossentropy' });
  return model;
}

function batchesIn(tf: TensorFlow): { rows: Tensor; labels: Tensor }[] {
  const random = randomNumbers(count);
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) => {
    const size = Math.min(batchSize, count - batch * batchSize);
    const rows = new Float32Array(size * WIDTH);
    const labels = new Float32Array(size * 2);
    for (let row = 0; row < size; row += 1) {
      rows.set(randomRow(random), row * WIDTH);
      labels[row * 2 + (row % 2)] = 1;
    }
    return { rows: tf.tensor2d(rows, [size, WIDTH]), labels: tf.tensor2d(labels, [size, 2]) };
  });
}

async function serve(tf: TensorFlow): Promise<void> {
  const model = headIn(tf);
  const batches = batchesIn(tf);
  process.stdout.write(`TensorFlow.js ${tf.version['tfjs-node'] ?? tf.version['tfjs']} (tfjs-node)\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const cpu = process.cpuUsage();
    const started = performance.now();
    for (let epoch = 0; epoch < Number(line); epoch += 1) {
      for (const { rows, labels } of batches) await model.trainOnBatch(rows, labels);
    }
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 })}\n`);
  }
}

const tf = load();
if (tf === undefined) process.stdout.write('absent\n');
else await serve(tf);
