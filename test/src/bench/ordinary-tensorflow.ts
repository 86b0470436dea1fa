import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { POOL5_LENGTH } from '@xvision/contracts';
import { initialOrdinaryState, OrdinaryEngine } from '@xvision/learning';
import { projectRoot } from '@xvision/testing';
import { serveTraining } from './serve-training.js';
import { readTrainingData, SETTINGS, type TrainingData } from './training-data.js';

/**
 * Ordinary training of the published head in TensorFlow.js: with its native library where that is installed, else in plain
 * JavaScript. Argument: the folder with the data.
 */
interface Tensor {
  dispose(): void;
}

interface Model {
  readonly layers: readonly { setWeights(weights: Tensor[]): void }[];
  add(layer: object): void;
  compile(options: object): void;
  dispose(): object;
  trainOnBatch(rows: Tensor, labels: Tensor): Promise<number>;
}

/** The part of the library that is used here; it is no dependency of this project. */
interface TensorFlow {
  readonly version: Readonly<Record<string, string>>;
  sequential(): Model;
  tensor1d(values: Float32Array): Tensor;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  readonly train: { sgd(learningRate: number): object };
  readonly layers: {
    dense(options: object): object;
    batchNormalization(options: object): object;
    reLU(options?: object): object;
  };
}

const [folder = ''] = process.argv.slice(2);
const { batchSize, learningRate } = SETTINGS;

/** From `XVISION_NATIVE_MODULES`, the cache where CI builds it, the project, or NODE_PATH. */
function load(): TensorFlow | undefined {
  const cache = path.join(projectRoot(), '.xvision', 'cache', 'native-modules');
  const places = [process.env['XVISION_NATIVE_MODULES'] ?? cache, path.dirname(fileURLToPath(import.meta.url))];
  for (const place of places) {
    try {
      return createRequire(path.join(place, 'package.json'))('@tensorflow/tfjs-node') as TensorFlow;
    } catch {
      // looked for in the next place
    }
  }
  return undefined;
}

/** With initial weights of the library's own. */
function headIn(tf: TensorFlow): Model {
  const { layers } = tf;
  const model = tf.sequential();
  const hidden = (options: object) => {
    model.add(layers.dense({ units: 512, useBias: false, ...options }));
    model.add(layers.batchNormalization({ epsilon: 1e-3 }));
    model.add(layers.reLU());
  };
  hidden({ inputShape: [POOL5_LENGTH] });
  hidden({});
  model.add(layers.dense({ units: 2, activation: 'softmax' }));
  model.compile({ optimizer: tf.train.sgd(learningRate), loss: 'categoricalCrossentropy' });
  return model;
}

function setWeights(tf: TensorFlow, model: Model, { weights }: TrainingData): void {
  const [first, , , second, , , output] = model.layers;
  first?.setWeights([tf.tensor2d(weights.first, [POOL5_LENGTH, 512])]);
  second?.setWeights([tf.tensor2d(weights.second, [512, 512])]);
  output?.setWeights([tf.tensor2d(weights.output, [512, 2]), tf.tensor1d(new Float32Array(2))]);
}

function batchesIn(tf: TensorFlow, { rows, labels, count }: TrainingData): { rows: Tensor; labels: Tensor }[] {
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) => {
    const [from, to] = [batch * batchSize, Math.min(count, (batch + 1) * batchSize)];
    const targets = new Float32Array((to - from) * 2);
    for (let row = from; row < to; row += 1) targets[(row - from) * 2 + (labels[row] ?? 0)] = 1;
    const own = rows.slice(from * POOL5_LENGTH, to * POOL5_LENGTH);
    return { rows: tf.tensor2d(own, [to - from, POOL5_LENGTH]), labels: tf.tensor2d(targets, [to - from, 2]) };
  });
}

async function serveNative(tf: TensorFlow, data: TrainingData): Promise<void> {
  let model: Model | undefined;
  const batches = batchesIn(tf, data);
  const name = `TensorFlow.js ${tf.version['tfjs-node'] ?? tf.version['tfjs']} (tfjs-node)`;
  await serveTraining(name, {
    make() {
      model?.dispose();
      model = headIn(tf);
    },
    begin: () => model && setWeights(tf, model, data),
    async train(epochs) {
      const losses: number[] = [];
      for (let epoch = 0; epoch < epochs; epoch += 1) {
        let sum = 0;
        for (const { rows, labels } of batches) sum += (await model?.trainOnBatch(rows, labels)) ?? Number.NaN;
        losses.push(sum / batches.length);
      }
      return { losses };
    },
  });
}

/** Batches that stand for an epoch in plain JavaScript, where each takes seconds. */
const PLAIN_BATCHES = 3;

/** Without the native package: our own ordinary form on TensorFlow.js in plain JavaScript; every step costs the same. */
async function servePlain({ rows, labels, count, weights }: TrainingData): Promise<void> {
  const engine = await OrdinaryEngine.open();
  const shape = { inputs: POOL5_LENGTH, hidden: 512, classes: 2 };
  const problem = {
    shape,
    images: count,
    rows: (places: Int32Array) => {
      const own = new Float32Array(places.length * POOL5_LENGTH);
      places.forEach((place, row) => {
        own.set(rows.subarray(place * POOL5_LENGTH, (place + 1) * POOL5_LENGTH), row * POOL5_LENGTH);
      });
      return own;
    },
    labels,
    settings: SETTINGS,
  };
  const layers = { firstWeights: weights.first, secondWeights: weights.second, outputWeights: weights.output };
  const order = Int32Array.from({ length: PLAIN_BATCHES * batchSize }, (_, index) => index);
  await serveTraining(`${engine.library} (tfjs-node is not installed)`, {
    async train(epochs) {
      engine.epoch(problem, initialOrdinaryState(shape, layers, SETTINGS), { order, batchSize });
      return { losses: [], work: order.length / count / epochs };
    },
  });
}

const data = await readTrainingData(folder);
const tf = load();
if (tf === undefined) await servePlain(data);
else await serveNative(tf, data);
